/**
 * 公表文案 of a 活用推奨モデル工事 that fell far short: fact, cause, improvement, as the prime has to put on
 * its web site. The facts come from the figures; cause and improvement are for a person to write.
 */

export interface StatementFacts {
  readonly contractName: string;
  readonly ordererName: string;
  readonly primeName: string;
  /** Percent with two decimals; absent where it cannot be worked out. */
  readonly companyRate: number | undefined;
  readonly workerRate: number | undefined;
  readonly touchRate: number | undefined;
  /** Records that lack something, by the words of the checklist, most frequent first. */
  readonly obstaclesJa: readonly string[];
}

const percentJa = (value: number | undefined): string =>
  value === undefined ? '算出できません' : `${value.toFixed(2)}%`;

export const modelWorksStatementJa = (facts: StatementFacts): string => {
  const { contractName, ordererName, primeName, obstaclesJa } = facts;
  const obstacles =
    obstaclesJa.length === 0
      ? '（記録の欠けは見つかっていません）'
      : `記録から分かる主な不備：${obstaclesJa.join('、')}`;
  return `建設キャリアアップシステムの活用状況について（案）

${ordererName}発注「${contractName}」（CCUS活用推奨モデル工事）において、活用の目標を著しく下回りましたので公表します。

1 事実
　平均事業者登録率　　${percentJa(facts.companyRate)}（目標 90%、70%未満で著しく下回る）
　平均技能者登録率　　${percentJa(facts.workerRate)}（目標 80%、60%未満で著しく下回る）
　平均就業履歴蓄積率　${percentJa(facts.touchRate)}（目標 50%、30%未満で著しく下回る）

2 要因
　【担当者が記入】${obstacles}

3 改善策
　【担当者が記入】

${primeName}
`;
};
