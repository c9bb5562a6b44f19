/** Why a row of `roster` (作業員名簿) says what it says: for each column the row of the registry it stands in. */
import {
  qualificationsConsent,
  qualificationsOn,
  rosterEntry,
  tiersUp,
} from '../policies/site-roster.ts';
import { insuranceRowOn, reasonedInsurance } from '../policies/social-insurance.ts';
import { assignmentsAsked } from '../reports/insurance-report.ts';
import { type Explain, isOfKey } from './explain.ts';
import { decisionFigure } from './insurance-why.ts';
import { noRow, registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { decided, type Figure, type WhyNode } from './why.ts';

export const explainRoster: Explain = (input, key) => {
  const { index } = input;
  const asked = assignmentsAsked(input).find(
    ({ assignment: { siteId, companyId, workerId, from } }) =>
      isOfKey(key, { siteId, companyId, workerId, from }),
  );
  const entry = asked && rosterEntry(index, asked.assignment, asked.date);
  if (asked === undefined || entry === undefined) return undefined;
  const { assignment, date } = asked;
  const { siteId, companyId, workerId } = assignment;
  const worker = index.workerById.get(workerId);
  const site = index.siteById.get(siteId);
  const company = index.companyById.get(companyId);
  const consent = qualificationsConsent(index, workerId, date, 'prime');
  const insurance = insuranceRowOn(index, workerId, date);
  const insuranceGround = rowOrNone(
    'insurance',
    insurance,
    { workerId, from: date },
    'health',
    'pension',
    'employment',
  );
  const assigned = registryRow('assignments', assignment, 'trade', 'role', 'work');
  const ofWorker = (
    ...fields: Parameters<typeof registryRow<'workers'>> extends [unknown, unknown, ...infer Fields]
      ? Fields
      : never
  ): WhyNode => rowOrNone('workers', worker, { workerId }, ...fields);
  const siteGround = rowOrNone('sites', site, { siteId }, 'name', 'primeId');
  const asWritten = (
    code: keyof typeof entry & string,
    textJa: string,
    ground: WhyNode,
    unit: Figure['unit'] = 'text',
  ): Figure => decided(code, textJa, entry[code], [houseRule('roster-contents'), ground], { unit });
  const tiers = tiersUp(index, siteId, companyId, date);
  const question = { siteId, workerId, companyId, date };
  return [
    decided('siteName', '現場の名称', site?.name ?? siteId, [siteGround]),
    decided('companyName', '事業者の名称', company?.name ?? companyId, [
      rowOrNone('companies', company, { companyId }, 'name'),
    ]),
    decided(
      'tier',
      '元請から数えた次数',
      entry.tier,
      [
        siteGround,
        ...(tiers.rows.length === 0
          ? [noRow('organisation', { siteId, companyId, from: date })]
          : tiers.rows.map((row) => registryRow('organisation', row, 'upperId'))),
      ],
      { unit: 'number' },
    ),
    asWritten('name', '氏名', ofWorker('name')),
    asWritten('kana', 'フリガナ', ofWorker('kana')),
    asWritten('birthDate', '生年月日', ofWorker('birthDate'), 'date'),
    decided(
      'age',
      `${date} の満年齢`,
      entry.age,
      [houseRule('roster-date'), ofWorker('birthDate')],
      { unit: 'number' },
    ),
    asWritten('trade', '職種', assigned),
    asWritten('role', '立場', assigned, 'codes'),
    asWritten('work', '作業内容', assigned),
    asWritten('level', 'レベル', ofWorker('level'), 'number'),
    asWritten('to', '名簿の終了日', assigned, 'date'),
    asWritten('health', '健康保険', insuranceGround, 'codes'),
    asWritten('pension', '年金', insuranceGround, 'codes'),
    asWritten('employment', '雇用保険', insuranceGround, 'codes'),
    decisionFigure('insuranceDecision', reasonedInsurance(index, question), question),
    asWritten('mutualAid', '退職金共済', ofWorker('memberNo', 'otherScheme'), 'codes'),
    decided('qualifications', '同意があるときの保有資格', entry.qualifications, [
      houseRule('roster-contents'),
      rowOrNone('consents', consent, { workerId }, 'byWorker', 'byEmployer', 'items'),
      ...qualificationsOn(index, workerId, date).map((row) =>
        registryRow('qualifications', row, 'name'),
      ),
    ]),
  ];
};
