/**
 * What each answer's fields are (閲覧範囲の項目表): a report, document or field that does not stand here is
 * closed to everybody with a limited scope.
 */
import type { ExportName } from '../csv-exports/export-fields.ts';
import type { Item } from './viewing-scope.ts';

export interface RowItems {
  /** What must be visible for the row to be there at all; `open`: words about nobody. */
  readonly row: Item | 'open';
  /** Field → kind of data; `with-row` comes with the row. A field that is not named is blanked. */
  readonly fields: Readonly<Record<string, Item | 'with-row'>>;
}

export interface ReportItems extends RowItems {
  /** Rows that stand beside the report's own; any other thing beside them is closed. */
  readonly beside?: Readonly<Record<string, RowItems>>;
}

/** `withRow`: names of the fields that come with the row, between spaces. */
const items = (
  row: RowItems['row'],
  withRow: string,
  fields: Readonly<Record<string, Item>> = {},
): RowItems => ({
  row,
  fields: {
    ...Object.fromEntries(withRow.split(' ').map((field) => [field, 'with-row' as const])),
    ...fields,
  },
});

export const TAP_ITEMS = items(
  'history',
  'id siteId terminalId workerId direction at atTrust receivedAt verdict futureDated',
  { cardId: 'card' },
);

export const CHANGE_ITEMS = items('history', 'report siteId workerId workDate changedAt', {
  cardId: 'card',
});

export const TERMINAL_ITEMS = items(
  'site-state',
  'terminalId siteId siteName condition isOnline lastHeardAt lastBatchAt alerts revoked state',
);

export const ALERT_ITEMS = items(
  'site-state',
  'rule level status terminalId siteId title detail advice since',
);

const ISSUED = 'siteId month workDate companyId issuedAt';

/** 締め: one row a company. 掛金 in sum is a figure, which upper tiers do not see of those below. */
export const STATEMENT_ITEMS = items(
  'works',
  `statementId amendments workers attendanceDays completeRecords ${ISSUED}`,
  { contributionDays: 'figures', yen: 'figures' },
);

/** What stands above the rows of a statement, for whoever sees any of them; who closed it is nobody else's affair. */
export const STATEMENT_HEAD_ITEMS = items(
  'open',
  'statementId siteId month workDate issuedAt sha256 position amendmentIds',
);

/** 追加分 */
export const AMENDMENT_ITEMS = items(
  'works',
  `amendmentId statementId amendmentNo reasons isAfterExtract added changed withdrawn ${ISSUED}`,
  { contributionDays: 'figures', yen: 'figures' },
);

/** 就労状況報告書の提出: one row an employer. */
export const SUBMISSION_ITEMS = items(
  'works',
  'siteId companyId month primeId recipient reportDue maySend mail isOutdated',
  { workers: 'figures', days: 'figures', yen: 'figures' },
);

/** 1日を超える日数の承認 */
export const APPROVAL_ITEMS = items(
  'contributions',
  'workerId workDate companyId siteId candidateDays days intervals reportDue approvedDays approvedBy approvedAt mayDecide',
);

/** Says no site, so nobody with a limited scope sees it. */
export const PAST_ALERT_ITEMS: RowItems = { row: 'site-state', fields: {} };

export const ALLOCATION_RUN_ITEMS = items(
  'works',
  'runId contractId siteId month asOf ledgerNo importNo rowsSha256 confirmedAt confirmedBy figures',
);

export const ALLOCATION_ROW_ITEMS = items(
  'contributions',
  'kind reason workerId companyId siteId workDate method colour dayYen days exemptDays yen',
);

export const HELD_DAY_ITEMS = items(
  'contributions',
  'reason workerId companyId siteId workDate days otherContractId',
);

export const DIFFERENCE_ITEMS = items(
  'history',
  'siteId siteName workerId workDate atGate atCcus causes',
  {
    workerName: 'roster',
    memberNo: 'contributions',
    owedDays: 'contributions',
    atKentaikyo: 'contributions',
  },
);

/** A file may hold days of everybody: a limited scope sees the differences of its own, and no list of files. */
export const RECONCILED_FILE_ITEMS: RowItems = { row: 'site-state', fields: {} };

export const WAITING_TOUCH_ITEMS = items(
  'history',
  'id reason siteId terminalId workerId claimedAt receivedAt workDate',
  { cardId: 'card' },
);

export const CORRECTION_REQUEST_ITEMS = items(
  'corrections',
  'id siteId workerId companyId workDate kind at reason corrects isLate mendDue stage askedBy askedFor askedAt state decidedBy decidedAt decisionReason mayDecide',
);

const STAMP_FIELDS =
  'contractId companyId month valueYen colour carriedInDays purchasedDays receivedDays receivedFrom issuedDays issuedTo exchangedDays pastedDays exemptDays lapsedDays carriedOverDays';

export const REPORT_ITEMS: Readonly<Record<string, ReportItems>> = {
  attendance: items(
    'history',
    'siteId workerId workDate companyId firstIn lastOut minutes nightMinutes flags evidence',
    { cardId: 'card' },
  ),
  contributions: {
    ...items(
      'contributions',
      'workerId workDate companyId siteId contractId days candidateDays yen method colour basis reportDue notPayable lapsedDays rate rules counted evidence',
    ),
    beside: {
      unresolved: items('history', 'reason mendedBy siteId workDate workerId companyId evidence', {
        candidateDays: 'contributions',
        cardId: 'card',
      }),
      rules: items('open', 'id ruleJa source'),
    },
  },
  'work-history': {
    ...items(
      'history',
      'siteId workerId workDate companyId trade role work firstIn lastOut complete missing mendDue stage evidence',
    ),
    beside: {
      toMend: items(
        'history',
        'siteId companyId item textJa mendedBy howJa workerIds records mendDue stage',
      ),
      unknownCards: items('history', 'siteId workDate mendedBy howJa mendDue stage evidence', {
        cardId: 'card',
      }),
    },
  },
  'not-touched': items(
    'history',
    'siteId workDate companyId workerId trade role reason mendedBy howJa mendDue stage',
  ),
  roster: {
    ...items(
      'roster',
      'siteId siteName companyId companyName tier workerId name kana trade role work from to mutualAid',
      {
        birthDate: 'birth-date',
        age: 'birth-date',
        level: 'level',
        health: 'insurance',
        pension: 'insurance',
        employment: 'insurance',
        insuranceDecision: 'insurance',
        qualifications: 'qualifications',
      },
    ),
    beside: { changes: items('history', 'date siteId companyId workerId kind') },
  },
  insurance: items(
    'insurance',
    'siteId workerId companyId date decision missing reason papersNeeded',
  ),
  overtime: items(
    'own-page',
    'workerId month companyId minutes overtimeMinutes nightMinutes roundedHours roundedNightHours yearOvertimeMinutes premiumYen overtimeMinutesWithoutGuideline incompleteDays warnings evidence',
  ),
  headcount: {
    ...items('figures', 'siteId workDate companyId trade level workers'),
    beside: {
      weeks: items('figures', 'siteId week workerDays workers companies workingDates'),
      hours: items('figures', 'siteId hour workerDays'),
      onSite: items('history', 'siteId workerId companyId since', { cardId: 'card' }),
    },
  },
  levels: items(
    'own-page',
    'workerId trade level nextLevel days daysLeft foremanDays foremanDaysLeft leaderDays leaderDaysLeft incompleteDays qualificationsToCheck source',
  ),
  'labour-cost': {
    ...items(
      'figures',
      'siteId companyId trade level workerDays foremanDays guidelineYen daysWithoutGuideline sources',
    ),
    beside: {
      quotes: items('site-state', 'siteId companyId date estimateYen contractedYen verdict source'),
    },
  },
  'model-works': {
    ...items(
      'figures',
      'contractId siteId kind companyRate workerRate touchRate points verdict statementRequired attention',
    ),
    beside: { statements: items('figures', 'contractId kind draftJa') },
  },
  'days-off': {
    ...items('figures', 'contractId siteId month days excludedDays closedDays daysOffRate reached'),
    beside: {
      periods: items(
        'figures',
        'contractId siteId from to days excludedDays closedDays daysOffRate reached',
      ),
    },
  },
  'local-incentives': {
    ...items('figures', 'authority contractId siteId rule metric rate atLeastPercent met points'),
    beside: {
      packs: items('figures', 'authority contractId points counting forms reports records source'),
    },
  },
  'company-metrics': {
    ...items('figures', 'companyId block item value unit source'),
    beside: {
      grades: items('figures', 'companyId body block points stars missingItems source'),
    },
  },
  deadlines: {
    ...items('works', 'due kind state who whyJa siteId contractId companyId workerId month'),
    beside: { rules: items('open', 'kind ruleJa source') },
  },
  'contract-check': {
    ...items(
      'works',
      'contractId method expectedYen estimateYen purchasedYen receiptDue receiptOn workerDays allocatedDays allocatedYen difference balanceYen verdict attention basis basisSource progressPercent usedPercent balances jointVenture isReceiptAsked',
    ),
    beside: { attentionTexts: items('open', 'id phase mendedBy textJa') },
  },
  'stamp-ledger': {
    ...items('works', STAMP_FIELDS),
    beside: {
      deliveries: items('works', 'contractId companyId earnedDays receivedDays outstandingDays'),
    },
  },
  'stamp-book': items('works', STAMP_FIELDS),
  'completion-summary': {
    ...items(
      'works',
      'contractId companyId method workers workerDays allocatedDays allocatedYen difference notPayable',
    ),
    beside: {
      totals: items(
        'works',
        'contractId name ordererName contractDate completionDate method workers workerDays allocatedDays allocatedYen difference purchasedYen balanceYen reportedWorkerDays evidence',
      ),
    },
  },
  'worker-statement': {
    ...items(
      'contributions',
      'workerId month companyId contractId method workedDays days yen dates',
    ),
    beside: { totals: items('own-page', 'workerId memberNo days yen booklet') },
  },
};

/** The rows of exports are those of reports with names beside. */
export const EXPORT_ITEMS: Readonly<Record<ExportName, RowItems>> = {
  'contribution-days': items(
    'contributions',
    'workDate month workerId memberNo companyId contractorNo companyName siteId siteName contractId contractName days yen rateYen method colour basis reportDue notPayable',
    { workerName: 'roster' },
  ),
  'stamp-movements': items(
    'works',
    'date month contractId contractName companyId contractorNo companyName kind counterpartId counterpartName valueYen colour stamps yen',
  ),
};

/**
 * Documents by what must be visible of whom their parameters name. A document is made whole or not at all:
 * a form with holes in it would be taken for the form.
 */
export const DOCUMENT_ITEMS: Readonly<Record<string, Item>> = {
  'employment-report-monthly': 'contributions',
  'employment-report-daily': 'contributions',
  'contract-allocation': 'contributions',
  'stamp-ledger': 'works',
  'stamp-book': 'works',
  'completion-summary': 'works',
  'purchase-receipt': 'works',
  'membership-report': 'works',
  'fulfilment-worksheet': 'contributions',
  'guidance-draft': 'works',
  'authority-notice-draft': 'works',
  'worker-roster': 'roster',
  'works-organisation': 'works',
  'completion-evidence': 'works',
  'worker-statement': 'own-page',
};
