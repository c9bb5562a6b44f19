/** What of faces and touches stands in the journal, through a full disk and the end of the program. */
import { expect, test } from 'vitest';
import type { FaceSettings } from '../../../device/camera/face-desk.ts';
import { entriesIn, openBareTerminal } from '../../fixtures/bare-terminal.ts';
import { CARD, OTHER_CARD, WORKER } from '../../fixtures/identities.ts';

const face: FaceSettings = { mode: 'evidence', windowMs: 5_000, scoreMin: 80 };
const gate = { readerId: 'in', direction: 'in' } as const;
const card = { by: 'card', cardId: CARD } as const;
const otherCard = { by: 'card', cardId: OTHER_CARD } as const;
type Bare = ReturnType<typeof openBareTerminal>;
const evidence = ({ journal }: Pick<Bare, 'journal'>): readonly string[] =>
  entriesIn(journal).flatMap((entry) =>
    entry.kind === 'evidence' ? [`${entry.seq} ${entry.outcome}`] : [],
  );
const seqOf = (feedback: ReturnType<Bare['terminal']['touched']>): number =>
  feedback.kind === 'recorded' ? feedback.seq : 0;

test('a missing face that a full disk did not take is written down when there is room', () => {
  const bare = openBareTerminal({ face });
  const seq = seqOf(bare.terminal.touched(card, gate));
  bare.db.pragma(`max_page_count = ${Number(bare.db.pragma('page_count', { simple: true }))}`);
  while (bare.terminal.touched(otherCard, gate).kind === 'recorded');
  bare.clock.advance(face.windowMs + 1);
  bare.terminal.tick();
  expect(evidence(bare)).toEqual([]);
  bare.db.pragma('max_page_count = 100000');
  bare.terminal.tick();
  expect(evidence(bare)[0]).toBe(`${seq} absent`);
  const count = evidence(bare).length;
  bare.terminal.tick();
  expect(evidence(bare)).toHaveLength(count);
});

test('a touch whose window the program did not live to see is flagged by the next one, once', () => {
  const { db, clock, terminal } = openBareTerminal({ face });
  terminal.touched(card, gate);
  clock.advance(1_000);
  terminal.onFace({ kind: 'face-matched', camera: 'c', workerId: WORKER, score: 99 });
  const seq = seqOf(terminal.touched(otherCard, gate));
  const [, ...rest] = [1, 2].map(() => openBareTerminal({ face, db, clock }));
  const [last] = rest;
  expect(last && evidence(last)).toEqual([expect.stringContaining(' match'), `${seq} absent`]);
});

test.each([
  ['no camera was there', undefined, face],
  ['a face was the touch', { ...face, mode: 'touch' } as const, face],
  ['no camera is there any more', face, undefined],
])('touches of a time when %s are not flagged later', (_what, before, after) => {
  const { db, clock, terminal } = openBareTerminal({ ...(before && { face: before }) });
  terminal.touched(card, gate);
  clock.advance(60_000);
  terminal.onReader({ kind: 'readers-unavailable', reason: 'a minute later' });
  expect(evidence(openBareTerminal({ ...(after && { face: after }), db, clock }))).toEqual([]);
});
