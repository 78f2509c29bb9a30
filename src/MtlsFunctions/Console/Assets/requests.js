// Every request that the console makes, as a description: send.js sends it, curl.js shows it, so the two can't differ.
// The contract is the OpenAPI document (/openapi.yaml).

import { Secret } from './secret.js';
import { account } from './session.js';

const BASE = new URL('.', document.baseURI);

export const SERVICES = [['0', 'TEST_SERVICE'], ['1', 'IDP'], ['2', 'WEBHOOKS'], ['3', 'FAAS']];

export const serviceName = id => SERVICES.find(service => service[0] === id)?.[1] ?? id;

const segment = value => encodeURIComponent(value);

const request = (title, method, path, rest = {}) =>
  ({ title, method, url: new URL(path, BASE).href, authorized: true, headers: {}, ...rest });

const mtls = path => `mtls/account/${segment(account())}${path}`;
const mappings = path => `api/account/${segment(account())}/configuration/ac-common/mtls${path}`;
const ifMatch = revision => (revision ? { headers: { 'If-Match': `"${revision}"` } } : {});

export const settings = () => request('Settings', 'GET', 'console/settings.json', { authorized: false });

export const login = (to, username, password) => request('Sign in', 'POST', `api/account/${segment(to)}/login?v=1.3`,
  { authorized: false, json: { username, password: new Secret('PASSWORD', password) } });
export const refreshLogin = () => request('Stay signed in', 'POST', `api/account/${segment(account())}/refresh?v=1.3`);

/** Before anybody is signed in: whether a token holds. */
export const tryToken = (to, token) => request('Try the token', 'GET', `mtls/account/${segment(to)}/certificates`,
  { authorized: false, headers: { Authorization: new Secret('AUTHORIZATION', `Bearer ${token}`) } });

export const listCertificates = () => request('List certificates', 'GET', mtls('/certificates'));
export const expiring = days => request('What expires', 'GET', mtls(`/certificates/expiring?days=${days}`));
export const versions = id => request('List versions', 'GET', mtls(`/certificates/${id}/versions`));
export const rollback = (id, version) => request(`Roll back to version ${version}`, 'POST', mtls(`/certificates/${id}/rollback/${version}`));
export const disable = id => request('Take out of use', 'POST', mtls(`/certificates/${id}/disable`));
export const enable = id => request('Put to use', 'POST', mtls(`/certificates/${id}/enable`));
export const deleteCertificate = id => request('Delete certificate', 'DELETE', mtls(`/certificates/${id}`));
export const download = certificate => request('Download', 'GET', mtls(`/certificates/${certificate.id}/download`),
  { saveAs: `${certificate.name.replace(/[^\w.-]+/g, '-')}.pem` });

const p12Form = (file, password) => [{ name: 'file', file }, { name: 'password', value: new Secret('P12_PASSWORD', password) }];

export const testP12 = (file, password) => request('Test the p12', 'POST', mtls('/p12-test/multipart'), { form: p12Form(file, password) });

/** The tester's older form: calls the URL with the certificate that is being tested. */
export const callWithP12 = (file, password, url, trustedCa = '') => request('Call a URL with the p12', 'POST', mtls('/p12-test/multipart'),
  { form: [...p12Form(file, password), ...(trustedCa ? [{ name: 'trustedCa', value: trustedCa }] : [])], headers: { 'LP-forward-url': url }, passesThrough: true });

const described = (file, password, description) =>
  [{ name: 'file', file }, { name: 'certificate', json: { ...description, password: new Secret('P12_PASSWORD', password) } }];

export const createCertificate = (file, password, description) =>
  request('Store certificate', 'POST', mtls('/certificates/by-file'), { form: described(file, password, description) });
export const replaceCertificate = (file, password, description) =>
  request('Replace certificate', 'PUT', mtls('/certificates/by-file'), { form: described(file, password, description) });

export const listMappings = () => request('List mappings', 'GET', mappings('?v=3.0'));
export const getMapping = id => request('Read mapping', 'GET', mappings(`/${id}?v=3.0`));
export const createMapping = mapping => request('Create mapping', 'POST', mappings('?v=3.0'), { json: [mapping] });
export const updateMapping = (id, mapping, revision) => request('Change mapping', 'PUT', mappings(`/${id}?v=3.0`), { json: mapping, ...ifMatch(revision) });
export const deleteMapping = (id, revision) => request('Delete mapping', 'DELETE', mappings(`/${id}?v=3.0`), ifMatch(revision));

export const explain = (service, url) => request('Explain', 'POST', mtls('/explain'), { json: { serviceName: service, url, look: false } });

/** @param headers as the remote endpoint shall see them. */
export const forward = ({ method, url, service, headers = {}, text, stop = true, authorization }) => request(`Forward ${method}`, method, mtls(''), {
  headers: {
    'LP-forward-url': url,
    ...(service ? { 'LP-service-name': service } : {}),
    ...(stop ? { 'LP-stop-if-certificate-not-found': 'true' } : {}),
    ...(authorization ? { 'LP-authorization-override': new Secret('REMOTE_AUTHORIZATION', authorization) } : {}),
    // A browser names a type for text, and curl another: it is said, so that both send the same.
    ...(text === undefined || 'content-type' in lowered(headers) ? {} : { 'Content-Type': 'text/plain; charset=utf-8' }),
    ...headers,
  },
  text,
  passesThrough: true,
});

const lowered = headers => Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

export const listAppKeys = () => request('List app keys', 'GET', mtls('/app-keys'));
export const createAppKey = key => request('Create app key', 'POST', mtls('/app-keys'), { json: key });
export const revokeAppKey = id => request('Revoke app key', 'DELETE', mtls(`/app-keys/${id}`));

/** Headers whose names sound like secrets are shown as variables. */
export const secretHeader = (name, value) => new Secret(name.toUpperCase().replace(/[^A-Z0-9]+/g, '_'), value);
