/** A subject or bearer as one text (対象者のキー), for maps and table columns. */
import { CardId, WorkerId } from '../../shared/ids.ts';
import type { Subject } from './shifts.ts';

/** Stable text of a bearer or subject, usable as a key. */
export const subjectKey = (subject: Subject): string =>
  subject.kind === 'card' ? `card:${subject.cardId}` : `worker:${subject.workerId}`;

export const isSameSubject = (a: Subject, b: Subject): boolean =>
  a.kind === 'card'
    ? b.kind === 'card' && a.cardId === b.cardId
    : b.kind === 'worker' && a.workerId === b.workerId;

/** Reads what `subjectKey` wrote; throws on anything else, which would be a corrupt store. */
export const parseSubjectKey = (key: string): Subject =>
  key.startsWith('card:')
    ? { kind: 'card', cardId: CardId.parse(key.slice('card:'.length)) }
    : { kind: 'worker', workerId: WorkerId.parse(key.slice('worker:'.length)) };
