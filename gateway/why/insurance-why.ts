/** Why a row of `insurance` (社会保険) decides as it does: what the employer's form asks for, and what is there. */
import type { ReasonedInsurance } from '../policies/social-insurance.ts';
import { reasonedInsurance } from '../policies/social-insurance.ts';
import { codeJa } from '../reports/code-words.ts';
import { assignmentsAsked } from '../reports/insurance-report.ts';
import { type Explain, isOfKey } from './explain.ts';
import { noRow, registryRow, rowOrNone } from './registry-leaf.ts';
import { houseRule } from './rule-leaf.ts';
import { decided, type Figure, list, type WhyNode } from './why.ts';

interface Question {
  readonly siteId: string;
  readonly workerId: string;
  readonly companyId: string;
  readonly date: string;
}

/** The rows that say which insurances are asked for. */
const formGrounds = (
  { company, employment }: ReasonedInsurance,
  { workerId, companyId, date }: Question,
): readonly WhyNode[] => [
  houseRule('insurance-required'),
  rowOrNone('companies', company, { companyId }, 'form'),
  rowOrNone('employments', employment, { workerId, from: date }, 'kind'),
];

const insuranceGround = ({ row }: ReasonedInsurance, { workerId, date }: Question): WhyNode =>
  rowOrNone(
    'insurance',
    row,
    { workerId, from: date },
    'health',
    'pension',
    'employment',
    'source',
    'exemptionApproved',
  );

/** Each insurance: whether it is asked for and lacking. */
const lineFigures = (reasoned: ReasonedInsurance, question: Question): readonly Figure[] =>
  reasoned.lines.map(({ insurance, isRequired, isMissing }) =>
    decided(
      insurance,
      `${codeJa(insurance)}${isRequired ? 'が必要' : 'は求められない'}${isMissing ? '。確認できない' : ''}`,
      isMissing,
      [...formGrounds(reasoned, question), insuranceGround(reasoned, question)],
      { unit: 'flag' },
    ),
  );

/** `decision` with its grounds, also for the roster. */
export const decisionFigure = (
  code: string,
  reasoned: ReasonedInsurance,
  question: Question,
): Figure =>
  decided(
    code,
    '社会保険の判定',
    reasoned.decision.decision,
    [houseRule('special-reason'), reasonGround(reasoned, question)],
    {
      unit: 'codes',
      parts: [
        list(
          'missing',
          '必要で、確認できない保険',
          reasoned.decision.missing,
          lineFigures(reasoned, question),
          { unit: 'codes' },
        ),
      ],
    },
  );

const reasonGround = (
  { reason }: ReasonedInsurance,
  { siteId, workerId, date }: Question,
): WhyNode =>
  rowOrNone('insuranceReasons', reason, { siteId, workerId, from: date }, 'reason', 'approvedBy');

export const explainInsurance: Explain = (input, key) => {
  const asked = assignmentsAsked(input).find(
    ({ assignment: { siteId, workerId, companyId }, date }) =>
      isOfKey(key, { siteId, workerId, companyId, date }),
  );
  if (asked === undefined) return undefined;
  const { siteId, workerId, companyId } = asked.assignment;
  const question = { siteId, workerId, companyId, date: asked.date };
  const reasoned = reasonedInsurance(input.index, question);
  const { decision } = reasoned;
  return [
    decisionFigure('decision', reasoned, question),
    list('missing', '必要で、確認できない保険', decision.missing, lineFigures(reasoned, question), {
      unit: 'codes',
    }),
    decided(
      'reason',
      '特段の理由',
      decision.reason,
      [
        houseRule('special-reason'),
        reasonGround(reasoned, question),
        ...(reasoned.worker === undefined
          ? [noRow('workers', { workerId })]
          : [registryRow('workers', reasoned.worker, 'birthDate')]),
      ],
      { unit: 'codes' },
    ),
    decided(
      'papersNeeded',
      'CCUSではなく書類で確認したもの',
      decision.papersNeeded,
      [insuranceGround(reasoned, question)],
      { unit: 'flag' },
    ),
  ];
};
