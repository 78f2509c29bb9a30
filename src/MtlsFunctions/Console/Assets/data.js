// The account's certificates and mappings, which several pages show.

import * as requests from './requests.js';
import { resource } from './resource.js';
import { send } from './send.js';

export const certificateList = resource(async () => (await send(requests.listCertificates())).body);

/** { items, revision }: a change that names the revision is refused when somebody else was faster. */
export const mappingList = resource(async () => {
  const { body, headers } = await send(requests.listMappings());
  return { items: body, revision: headers.get('ac-revision') };
});

export const reload = () => Promise.all([certificateList.load(), mappingList.load()]);

export const mappingsOf = certificate => (mappingList.value?.items ?? []).filter(mapping => mapping.certificationId === String(certificate.id));

export const isUsed = certificate => mappingsOf(certificate).some(mapping => mapping.enable);

export const certificateOf = mapping => certificateList.value?.find(certificate => String(certificate.id) === mapping.certificationId);
