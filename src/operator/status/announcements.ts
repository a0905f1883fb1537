import type { Condition, RegistryStatus } from '../registry/model-registry.ts';

/** An Event to be told of a registry. */
export interface Announcement {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What has changed from one status to the next and people should hear of. */
export function announcements(before: RegistryStatus | undefined, after: RegistryStatus): readonly Announcement[] {
  return after.conditions.filter((condition) => isNews(condition, before)).map(announcementOf);
}

function isNews({ type, status, reason }: Condition, before: RegistryStatus | undefined): boolean {
  const old = before?.conditions.find((each) => each.type === type);
  if (type === 'Progressing') return false;
  // A registry that is not up yet is no news.
  if (old === undefined) return type === 'Degraded' && status === 'True';
  return old.status !== status || (type === 'Degraded' && old.reason !== reason);
}

function announcementOf({ type, status, reason, message }: Condition): Announcement {
  const good = (type === 'Degraded') === (status === 'False');
  return { type: good ? 'Normal' : 'Warning', reason, message };
}
