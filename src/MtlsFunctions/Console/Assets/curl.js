// The curl command that does the same as a request: for POSIX shells, with variables in the place of secrets.

import { Secret } from './secret.js';

const MARKED = /([\uE000\uE002])([A-Z0-9_]+)\uE001/g;

const mark = value => (value instanceof Secret ? `\uE000${value.variable}\uE001` : String(value));

// Nothing inside single quotes means anything but the quote itself; variables stand outside them.
const quote = text => `'${text.replaceAll("'", "'\\''")}'`.replace(MARKED, (_, kind, variable) => (kind === '\uE000' ? `'"$${variable}"'` : `'"$(printf %s "$${variable}" | sed 's/[\\\\"]/\\\\&/g')"'`)).replace(/^''(?=")|(?<=")''$/g, '');

// A variable's quotes and backslashes have to be escaped inside a JSON text.
const json = value => JSON.stringify(value, function replace(key, sent) {
  return this[key] instanceof Secret ? `\uE002${this[key].variable}\uE001` : sent;
});

export function curl(request) {
  const lines = [`curl -sS${request.method === 'HEAD' ? ' -I' : ` -X ${request.method}`} ${quote(request.url)}`];
  if (request.authorized) lines.push('-H "Authorization: Bearer $TOKEN"');
  for (const [name, value] of Object.entries(request.headers)) lines.push(`-H ${quote(`${name}: ${mark(value)}`)}`);
  if (request.json !== undefined) lines.push(`-H 'Content-Type: application/json' --data-raw ${quote(json(request.json))}`);
  if (request.text !== undefined) lines.push(`--data-raw ${quote(request.text)}`);
  for (const part of request.form ?? []) lines.push(formPart(part));
  if (request.saveAs) lines.push(`-o ${quote(request.saveAs)}`);
  return lines.join(' \\\n  ');
}

// Only the file's part is read by curl's own rules (@, ;, quotes); the others are taken as they are.
function formPart(part) {
  if (part.file) return `-F ${quote(`${part.name}=@"${part.file.name.replace(/["\\]/g, '\\$&')}"`)}`;
  return `--form-string ${quote(`${part.name}=${part.json === undefined ? mark(part.value) : json(part.json)}`)}`;
}
