// A real request with a stored certificate before a mapping is saved: through TEST_SERVICE, which the API has for this.

import { mappingList } from './data.js';
import * as requests from './requests.js';
import { Problem, send } from './send.js';

const TEST_SERVICE = '0';
const LOOKS = 6;
const LAG = 2_000;

// Who closes the page midway leaves a trial's mapping behind. Its name tells when it was made, and the next trial takes it away.
const NAME = /^trial of (\d{4}-\d{2}-\d{2}T[\d:.]+Z) [0-9a-f-]{36}$/;
const LONGEST_TRIAL = 5 * 60_000;

/** @returns the remote's answer; with `left`, the name of a trial mapping that could not be taken away. */
export async function tryMapping(url, certificationId, trustedCa = '') {
  await removeLeftovers();
  const own = (mappingList.value?.items ?? []).find(mapping => mapping.serviceId === TEST_SERVICE && mapping.url === url);
  if (own?.enable && own.certificationId === certificationId && await hasTrust(own, trustedCa)) return call(url);
  if (own) {
    throw new Problem({ title: 'TEST_SERVICE has this URL already', detail: `Its mapping “${own.name}” names another certificate or trust, or is disabled. Change or delete that one, or try it under Try after saving.` });
  }
  const name = `trial of ${new Date().toISOString()} ${crypto.randomUUID()}`;
  const made = await send(requests.createMapping({ name, url, serviceId: TEST_SERVICE, enable: true, certificationId, ...(trustedCa ? { trustedCa } : {}) }));
  let answer, fault;
  try {
    answer = await call(url);
  } catch (caught) {
    fault = caught;
  }
  const removed = await remove(made.body[0].id);
  const revision = removed?.headers.get('ac-revision');
  if (fault) throw Object.assign(fault, { revision, detail: removed ? fault.detail : `${fault.detail} The trial’s own mapping “${name}” could not be taken away: delete it in the list.` });
  return { ...answer, left: removed ? null : name, revision };
}

const plain = pem => (pem ?? '').replace(/\s+/g, '');

const hasTrust = async (mapping, trustedCa) => plain((await send(requests.getMapping(mapping.id))).body.trustedCa) === plain(trustedCa);

async function removeLeftovers() {
  const isLeft = ({ name, serviceId }) => serviceId === TEST_SERVICE && Date.now() - Date.parse(NAME.exec(name)?.[1]) > LONGEST_TRIAL;
  const left = (mappingList.value?.items ?? []).filter(isLeft);
  for (const mapping of left) await remove(mapping.id);
  if (left.length > 0) await mappingList.load();
}

async function remove(id) {
  try {
    return await send(requests.deleteMapping(id));
  } catch {
    // The caller tells the person which mapping is left.
    return null;
  }
}

// Another instance may learn of the mapping a few seconds later; until then it sends nothing, because the request forbids it.
async function call(url) {
  for (let left = LOOKS; ; left--) {
    try {
      return await send(requests.forward({ method: 'GET', url, service: 'TEST_SERVICE' }));
    } catch (fault) {
      if (fault.type !== 'no-mapping' || left === 1) throw fault;
      await new Promise(resolve => { setTimeout(resolve, LAG); });
    }
  }
}
