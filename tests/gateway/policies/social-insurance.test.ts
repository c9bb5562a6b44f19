/** Social insurance at the gate, by employer form; every row with its reason. */
import { describe, expect, test } from 'vitest';
import { decideInsurance } from '../../../gateway/policies/social-insurance.ts';
import { indexRegistry } from '../../../gateway/registry/registry.ts';
import { SiteId, WorkerId } from '../../../shared/ids.ts';
import { workDate } from '../../../shared/time.ts';
import {
  FIRST_TIER,
  registryDocument,
  registryWith,
  SITE_ID,
  WORKER_ID,
} from '../../fixtures/registry.ts';

const full = {
  workerId: WORKER_ID,
  health: 'kyokai',
  pension: 'employees',
  employment: 'general',
  source: 'ccus',
};
type Kind = 'employee' | 'sole-contractor' | 'officer';
interface Case {
  readonly form?: string;
  readonly kind?: Kind;
  readonly insurance?: Readonly<Record<string, unknown>> | 'none at all';
  readonly reason?: Readonly<Record<string, unknown>>;
  readonly birthDate?: string;
}

const decide = ({ form, kind = 'employee', insurance, reason, birthDate }: Case) =>
  decideInsurance(
    indexRegistry(
      registryWith({
        companies: registryDocument.companies.map((row) =>
          row.companyId === FIRST_TIER && form !== undefined ? { ...row, form } : row,
        ),
        workers: registryDocument.workers.map((row) => ({
          ...row,
          birthDate: birthDate ?? row.birthDate,
        })),
        employments: registryDocument.employments.map((row) => ({ ...row, kind })),
        insurance: insurance === 'none at all' ? [] : [{ ...full, ...insurance }],
        insuranceReasons:
          reason === undefined
            ? []
            : [{ siteId: SITE_ID, workerId: WORKER_ID, approvedBy: '元請所長', ...reason }],
      }),
    ),
    {
      siteId: SiteId.parse(SITE_ID),
      workerId: WorkerId.parse(WORKER_ID),
      date: workDate('2026-11-24'),
    },
  );

describe('decideInsurance', () => {
  test.each<[string, Case, string, readonly string[]]>([
    ['a company’s employee with all three', {}, 'allow', []],
    ['健保組合 is as good as 協会けんぽ', { insurance: { health: 'association' } }, 'allow', []],
    [
      '国保組合 with the approval to stay outside',
      { insurance: { health: 'construction-nhi', exemptionApproved: true } },
      'allow',
      [],
    ],
    ['国保組合 without it', { insurance: { health: 'construction-nhi' } }, 'hold', ['health']],
    ['国保 does not do for a company', { insurance: { health: 'nhi' } }, 'hold', ['health']],
    ['後期高齢者 is outside every employer’s', { insurance: { health: 'exempt' } }, 'allow', []],
    [
      '国民年金 does not do for a company',
      { insurance: { pension: 'national' } },
      'hold',
      ['pension'],
    ],
    ['日雇保険 is employment insurance', { insurance: { employment: 'day-labour' } }, 'allow', []],
    ['no employment insurance', { insurance: { employment: 'none' } }, 'hold', ['employment']],
    [
      'nothing known means nothing confirmed',
      { insurance: 'none at all' },
      'hold',
      ['health', 'pension', 'employment'],
    ],
    [
      'an officer is no employee for 雇用保険',
      { kind: 'officer', insurance: { employment: 'exempt' } },
      'allow',
      [],
    ],
    [
      'but for the other two',
      { kind: 'officer', insurance: { pension: 'national' } },
      'hold',
      ['pension'],
    ],
    [
      'five or more is as a company',
      { form: 'sole-5-or-more', insurance: { pension: 'national' } },
      'hold',
      ['pension'],
    ],
    [
      'four or fewer: 国保 and 国民年金 of one’s own',
      { form: 'sole-4-or-less', insurance: { health: 'nhi', pension: 'national' } },
      'allow',
      [],
    ],
    [
      'four or fewer: employment insurance all the same',
      {
        form: 'sole-4-or-less',
        insurance: { health: 'nhi', pension: 'national', employment: 'none' },
      },
      'hold',
      ['employment'],
    ],
    [
      'the owner of a small firm is 事業主',
      {
        form: 'sole-4-or-less',
        kind: 'officer',
        insurance: { health: 'nhi', pension: 'national', employment: 'exempt' },
      },
      'allow',
      [],
    ],
    [
      '一人親方: 国保 and 国民年金, no employment insurance',
      {
        kind: 'sole-contractor',
        insurance: { health: 'nhi', pension: 'national', employment: 'exempt' },
      },
      'allow',
      [],
    ],
    [
      '一人親方 without a pension',
      {
        kind: 'sole-contractor',
        insurance: { health: 'nhi', pension: 'none', employment: 'exempt' },
      },
      'hold',
      ['pension'],
    ],
    [
      '一人親方 of whom nothing is known',
      { kind: 'sole-contractor', insurance: 'none at all' },
      'hold',
      ['health', 'pension'],
    ],
    [
      '特段の理由: sixty and without 厚生年金',
      {
        insurance: { pension: 'recipient' },
        reason: { reason: 'over-60' },
        birthDate: '1966-11-24',
      },
      'allow-with-reason',
      ['pension'],
    ],
    [
      'sixty tomorrow is not sixty',
      {
        insurance: { pension: 'recipient' },
        reason: { reason: 'over-60' },
        birthDate: '1966-11-25',
      },
      'hold',
      ['pension'],
    ],
    [
      'sixty excuses no other insurance',
      {
        insurance: { pension: 'recipient', employment: 'none' },
        reason: { reason: 'over-60' },
        birthDate: '1960-01-01',
      },
      'hold',
      ['pension', 'employment'],
    ],
    [
      '特段の理由: enrolment under way',
      { insurance: 'none at all', reason: { reason: 'enrolling', to: '2026-11-24' } },
      'allow-with-reason',
      ['health', 'pension', 'employment'],
    ],
    [
      'whose time is over',
      { insurance: { pension: 'none' }, reason: { reason: 'enrolling', to: '2026-11-23' } },
      'hold',
      ['pension'],
    ],
    [
      '特段の理由 of another site',
      {
        insurance: { pension: 'none' },
        reason: { siteId: '30000000000002', reason: 'special-skill' },
      },
      'hold',
      ['pension'],
    ],
  ])('%s', (_because, given, decision, missing) => {
    expect(decide(given)).toMatchObject({ decision, missing });
  });

  test('says that papers are needed where the data come from paper', () => {
    expect(decide({ insurance: { source: 'paper' } }).papersNeeded).toBe(true);
    expect(decide({}).papersNeeded).toBe(false);
  });
});
