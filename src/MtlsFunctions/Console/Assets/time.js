const DAY = 86_400_000;

export const daysLeft = iso => Math.floor((Date.parse(iso) - Date.now()) / DAY);

export const day = iso => new Date(iso).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

export function inWords(days) {
  // Whole days are counted downwards: -1 is the first day after the end.
  if (days === -1) return 'expired less than a day ago';
  if (days < 0) return days === -2 ? 'expired a day ago' : `expired ${-days - 1} days ago`;
  if (days === 0) return 'expires today';
  return days === 1 ? '1 day left' : `${days} days left`;
}

/** bad: act now; warn: plan it; good: nothing to do. */
export const urgency = days => (days < 14 ? 'bad' : days < 60 ? 'warn' : 'good');

/** The next twelve months, each with where it begins on an axis of a year: 0 to 100. */
export function months(count = 12) {
  const now = new Date();
  return Array.from({ length: count }, (_, ahead) => {
    const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1 + ahead, 1));
    return { name: first.toLocaleDateString('en-GB', { month: 'short', timeZone: 'UTC' }), at: onAxis(daysLeft(first.toISOString())) };
  });
}

/** 0 is today, 100 a year from now. */
export const onAxis = days => Math.min(100, Math.max(0, (days / 365) * 100));
