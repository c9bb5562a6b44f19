/**
 * 発注者ごとの条件: from which contract sum on an orderer asks for the 掛金収納書, by when, and with which forms at
 * the contract and at completion. Known ones are data here, each with its source; a registry adds its own or
 * replaces one by its id.
 */
import type { RegistryRow } from '../registry/registry-document.ts';

export type OrdererProfile = RegistryRow<'ordererProfiles'>;

const ORDERER_PROFILES: readonly OrdererProfile[] = [
  {
    profileId: 'fujimi',
    name: '富士見市',
    thresholdYen: 5_000_000,
    forms: ['建設業退職金共済証紙購入状況報告書（様式第1号）'],
    source:
      'https://www.city.fujimi.saitama.jp/60jigyo/17nyuusatsu/2013-0404-1602-175/ryuijiko/2013-0416-1539-133.html',
  },
  {
    profileId: 'tokorozawa',
    name: '所沢市',
    thresholdYen: 5_000_000,
    forms: ['建設業退職金共済証紙購入状況報告書', '遅延理由申出書（期限内に提出できないとき）'],
    completionForms: ['建設業退職金共済証紙貼付実績報告書'],
    source:
      'https://www.city.tokorozawa.saitama.jp/shiseijoho/jigyo/nyusatu/keiyak20170406110301458.html',
  },
  {
    profileId: 'warabi',
    name: '蕨市',
    thresholdYen: 5_000_000,
    receiptDays: { points: 40 },
    forms: [
      '建設業退職金共済証紙購入状況報告書（様式第1号）、電子申請は掛金収納書（電子申請方式）',
      '建設業退職金共済証紙等（無購入・購入遅延）理由書（様式第2号、該当するとき）',
    ],
    completionForms: ['建設業退職金共済証紙貼付実績報告書'],
    source: 'https://www.city.warabi.saitama.jp/shisei/shigoto/nyusatsu/1003171.html',
  },
  {
    profileId: 'kasukabe',
    name: '春日部市',
    // 130万円超: above, not from.
    thresholdYen: 1_300_001,
    forms: ['建設業退職金共済証紙購入状況報告書'],
    completionForms: ['建設業退職金共済証紙貼付実績報告書'],
    source: 'https://www.city.kasukabe.lg.jp/jigyoshamuke/nyusatsu_keiyaku/seidogaiyo/7763.html',
  },
  {
    profileId: 'noda',
    name: '野田市',
    receiptDays: { points: 40 },
    forms: ['掛金収納書（電子申請方式）、証紙は掛金収納書提出用台紙に貼った掛金収納書'],
    completionForms: ['掛金充当実績総括表'],
    source: 'http://mobile.city.noda.chiba.jp/jigyousha/nyusatsu/1022187.html',
  },
];

export const ordererProfile = (
  registered: readonly OrdererProfile[],
  profileId: string | undefined,
): OrdererProfile | undefined =>
  profileId === undefined
    ? undefined
    : (registered.find((row) => row.profileId === profileId) ??
      ORDERER_PROFILES.find((row) => row.profileId === profileId));
