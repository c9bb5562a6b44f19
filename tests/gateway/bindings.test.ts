/** Cards that a manager binds at the gate count from that batch on, with no import of the registry between. */
import { expect, test } from 'vitest';
import { createGatewayOfGates } from '../fixtures/gateway-of-gates.ts';
import { WORKER_ID } from '../fixtures/registry.ts';

const subjects = (world: ReturnType<typeof createGatewayOfGates>) =>
  world.ledger
    .attendance({})
    .map(({ subject }) => (subject.kind === 'worker' ? subject.workerId : subject.cardId));

test('a touch before the card was bound becomes its worker’s, and another binding moves it on', () => {
  const world = createGatewayOfGates();
  world.write(0, { do: 'touch', minute: 480, direction: 'in', card: 0, readerId: 'east' });
  world.sendAll();
  world.derive();
  expect(subjects(world)).toEqual(['01140A261A2B0001']);

  world.write(1, { do: 'bind', card: 0, isOther: false });
  world.sendAll();
  world.derive();
  expect(subjects(world)).toEqual([WORKER_ID]);

  world.write(0, { do: 'bind', card: 0, isOther: true });
  world.sendAll();
  world.derive();
  expect(subjects(world)).toEqual(['10260000000099']);
  world.close();
});
