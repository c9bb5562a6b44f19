/** The demo site: a registry document of one site, three companies in two tiers, twenty workers. All fictional but the pay guideline. */
import { addDays, type WorkDate } from '../shared/time.ts';

const SITE_ID = '30260000000001';
const PRIME_ID = '20260000000001';
const REBAR_ID = '20260000000002';
const FORMWORK_ID = '20260000000003';
const CONTRACT_ID = '2026-県道-014';

type Kind = 'employee' | 'officer';

interface Person {
  readonly name: string;
  readonly kana: string;
  readonly companyId: string;
  readonly trade: string;
  readonly role: 'foreman' | 'crew-leader' | 'general' | 'engineer';
  readonly level?: 1 | 2 | 3 | 4;
  readonly kind?: Kind;
  readonly language?: 'vi' | 'id' | 'my';
  readonly isInsured?: boolean;
  readonly isMember?: boolean;
}

const PEOPLE: readonly Person[] = [
  {
    name: '高橋 健一',
    kana: 'タカハシ ケンイチ',
    companyId: PRIME_ID,
    trade: '',
    role: 'engineer',
    level: 4,
  },
  {
    name: '渡邉 真由美',
    kana: 'ワタナベ マユミ',
    companyId: PRIME_ID,
    trade: '',
    role: 'engineer',
    level: 2,
  },
  {
    name: '佐藤 勇',
    kana: 'サトウ イサム',
    companyId: PRIME_ID,
    trade: '',
    role: 'foreman',
    level: 4,
  },
  {
    name: '小林 守',
    kana: 'コバヤシ マモル',
    companyId: PRIME_ID,
    trade: '',
    role: 'general',
    level: 2,
  },
  {
    name: '鈴木 大輔',
    kana: 'スズキ ダイスケ',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'foreman',
    level: 4,
  },
  {
    name: '佐藤 健太',
    kana: 'サトウ ケンタ',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'crew-leader',
    level: 3,
  },
  {
    name: '山﨑 光',
    kana: 'ヤマザキ ヒカル',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 2,
  },
  {
    name: '伊藤 拓海',
    kana: 'イトウ タクミ',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 2,
  },
  {
    name: 'グエン バン アン',
    kana: 'グエン バン アン',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 1,
    language: 'vi',
  },
  {
    name: 'チャン ティ ホア',
    kana: 'チャン ティ ホア',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 1,
    language: 'vi',
  },
  {
    name: '加藤 翼',
    kana: 'カトウ ツバサ',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 1,
  },
  {
    name: '吉田 進',
    kana: 'ヨシダ ススム',
    companyId: REBAR_ID,
    trade: '10-01',
    role: 'general',
    level: 3,
    kind: 'officer',
    isMember: false,
  },
  {
    name: '田中 誠',
    kana: 'タナカ マコト',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'foreman',
    level: 4,
  },
  {
    name: '髙木 涼',
    kana: 'タカギ リョウ',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'crew-leader',
    level: 3,
  },
  {
    name: '中村 隼人',
    kana: 'ナカムラ ハヤト',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'general',
    level: 2,
  },
  {
    name: 'ブディ サントソ',
    kana: 'ブディ サントソ',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'general',
    level: 1,
    language: 'id',
  },
  {
    name: 'アウン ミン',
    kana: 'アウン ミン',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'general',
    level: 1,
    language: 'my',
  },
  {
    name: '松本 蓮',
    kana: 'マツモト レン',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'general',
    level: 1,
  },
  { name: '井上 葵', kana: 'イノウエ アオイ', companyId: FORMWORK_ID, trade: '', role: 'general' },
  {
    name: '木村 悟',
    kana: 'キムラ サトル',
    companyId: FORMWORK_ID,
    trade: '',
    role: 'general',
    level: 1,
    isMember: false,
    isInsured: false,
  },
];

/** The published estimate of 国土交通省: the median of all trades. */
const PAY_GUIDELINES = ([5_010_000, 5_690_000, 6_280_000, 7_070_000] as const).map(
  (yenPerYear, at) => ({
    level: at + 1,
    yenPerYear,
    daysPerYear: 234,
    source: '国土交通省 CCUSレベル別年収（2023年6月、全国・全職種、中位。支払いの義務はない）',
  }),
);

const workerIdOf = (index: number): string => `1026${String(index + 1).padStart(10, '0')}`;
const cardIdOf = (index: number): string =>
  `01140A26${(0x1a2b0000 + index * 7_919).toString(16).toUpperCase()}`;

export interface DemoWorker {
  readonly workerId: string;
  readonly cardId: string;
}

export const DEMO_SITE_ID = SITE_ID;

export const demoWorkers: readonly DemoWorker[] = PEOPLE.map((_person, index) => ({
  workerId: workerIdOf(index),
  cardId: cardIdOf(index),
}));

/** `today` sets when works began: a little before, so that everything is in force. */
export const demoRegistry = (today: WorkDate) => {
  const began = addDays(today, -90);
  return {
    companies: [
      {
        companyId: PRIME_ID,
        name: 'みなと建設株式会社',
        form: 'corporation',
        size: 'large',
        contractorNo: '100-20260',
        ccusRegistered: true,
        payDay: 'end',
        payMonthOffset: 0,
      },
      {
        companyId: REBAR_ID,
        name: '北浜鉄筋工業株式会社',
        form: 'corporation',
        size: 'small',
        contractorNo: '65-10260',
        ccusRegistered: true,
        payDay: 25,
        payMonthOffset: 1,
      },
      {
        companyId: FORMWORK_ID,
        name: '株式会社しおさい型枠',
        form: 'corporation',
        size: 'small',
        contractorNo: '65-10261',
        ccusRegistered: true,
        payDay: 10,
        payMonthOffset: 1,
      },
    ],
    workers: PEOPLE.map(({ name, kana, trade, level, language, isMember = true }, index) => ({
      workerId: workerIdOf(index),
      name,
      kana,
      birthDate: `${1960 + index * 2}-0${(index % 9) + 1}-15`,
      ...(isMember ? { memberNo: String(487_650_000 + index) } : {}),
      ...(level === undefined ? {} : { level }),
      ...(language === undefined ? {} : { language }),
      trade,
      ccusRegistered: true,
    })),
    cards: demoWorkers.map((worker) => ({ ...worker, from: began })),
    employments: PEOPLE.map(({ companyId, kind = 'employee' }, index) => ({
      workerId: workerIdOf(index),
      companyId,
      kind,
      from: began,
    })),
    insurance: PEOPLE.map(({ isInsured = true }, index) => ({
      workerId: workerIdOf(index),
      health: 'kyokai',
      pension: isInsured ? 'employees' : 'none',
      employment: 'general',
      source: 'ccus',
      from: began,
    })),
    sites: [
      {
        siteId: SITE_ID,
        name: '県道みなと橋 橋脚補強工事',
        primeId: PRIME_ID,
        public: true,
        insuranceGate: 'hold',
        from: began,
        to: addDays(today, 365),
      },
    ],
    contracts: [
      {
        contractId: CONTRACT_ID,
        siteId: SITE_ID,
        name: '県道みなと橋 橋脚補強工事',
        ordererName: 'みなと県土木部',
        contractDate: began,
        costYen: 248_600_000,
        workType: 'bridge',
        joiningRatePercent: 70,
        method: 'points',
      },
    ],
    organisation: [
      {
        siteId: SITE_ID,
        companyId: PRIME_ID,
        accepted: true,
        contractId: CONTRACT_ID,
        from: began,
      },
      {
        siteId: SITE_ID,
        companyId: REBAR_ID,
        upperId: PRIME_ID,
        accepted: true,
        contractId: CONTRACT_ID,
        from: began,
      },
      {
        siteId: SITE_ID,
        companyId: FORMWORK_ID,
        upperId: PRIME_ID,
        accepted: true,
        contractId: CONTRACT_ID,
        from: began,
      },
    ],
    assignments: PEOPLE.map(({ companyId, trade, role }, index) => ({
      siteId: SITE_ID,
      workerId: workerIdOf(index),
      companyId,
      trade,
      role,
      from: began,
    })),
    payGuidelines: PAY_GUIDELINES,
  };
};
