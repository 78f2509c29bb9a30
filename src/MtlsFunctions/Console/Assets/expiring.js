// What breaks when, within the next twelve months.

import { html, nothing, svg } from './lit-html.js';
import { badge, curlBox, empty, heading } from './parts.js';
import * as requests from './requests.js';
import { resource } from './resource.js';
import { send } from './send.js';
import { day, inWords, months, onAxis, urgency } from './time.js';

const YEAR = 365;

const list = resource(async () => (await send(requests.expiring(YEAR))).body);

export const expiring = {
  enter: () => list.load(),
  view: () => html`
    ${heading('Expiring', 'The next twelve months: which certificates end, and which mappings break with them.')}
    ${list.view(found => (found.length === 0
      ? empty('Nothing expires within a year', 'Certificates whose time ends within the next twelve months appear here, with the mappings that break with them.')
      : timeline(found)))}
    ${curlBox(requests.expiring(YEAR))}`,
};

const COUNTED = [['bad', 'Expired', days => days < 0], ['bad', 'Within 14 days', days => days >= 0 && days < 14], ['warn', 'Within 60 days', days => days >= 14 && days < 60], ['good', 'Later', days => days >= 60]];

function tally(found, [kind, name, counts]) {
  const count = found.filter(one => counts(one.daysLeft)).length;
  return html`<li class=${count > 0 ? kind : nothing}><strong>${count}</strong> ${name}</li>`;
}

const timeline = found => html`
  <ul class="counts" aria-label="How many">${COUNTED.map(counted => tally(found, counted))}</ul>
  <div class="timeline">
    <div class="axis" aria-hidden="true">
      <svg>${svg`${months().map(month => svg`<text x="${month.at}%" y="14">${month.name}</text>`)}`}</svg>
    </div>
    <ul>${found.map(row)}</ul>
  </div>`;

const row = ({ certificate, daysLeft, lastUsed, mappings }) => html`
  <li class=${urgency(daysLeft)}>
    <div class="who-ends">
      <strong>${certificate.displayName}</strong>
      <span class="hint">${day(certificate.expirationDate)}, ${inWords(daysLeft)}</span>
    </div>
    <svg class="track" aria-hidden="true">
      ${svg`${months().map(month => svg`<line x1="${month.at}%" x2="${month.at}%" y1="0" y2="100%"></line>`)}`}
      <rect y="9" height="6" rx="3" width="${onAxis(daysLeft)}%"></rect><circle cx="${Math.max(onAxis(daysLeft), 1)}%" cy="12" r="6"></circle>
    </svg>
    <details>
      <summary>${breaks(daysLeft, mappings.length)}</summary>
      <ul class="plain">${mappings.map(mapping => html`<li><strong>${mapping.name}</strong> <span class="url">${requests.serviceName(mapping.serviceId)} ${mapping.url}</span></li>`)}</ul>
      <p class="hint">${lastUsed ? `Last used ${day(lastUsed)}.` : 'Never used yet.'} ${mappings.length ? 'Replace the certificate under Certificates: its mappings follow without interruption.' : 'Nothing breaks.'}</p>
    </details>
    ${daysLeft < 14 ? badge('bad', daysLeft < 0 ? 'Broken' : 'Act now') : nothing}
  </li>`;

function breaks(days, count) {
  if (count === 0) return 'No mapping breaks';
  return `${count === 1 ? '1 mapping' : `${count} mappings`} ${days < 0 ? 'broken' : count === 1 ? 'breaks' : 'break'}`;
}
