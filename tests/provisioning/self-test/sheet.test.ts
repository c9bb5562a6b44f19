/** The sheet of a self-test: its verdict, its words, its document, and what a browser must not run. */
import { describe, expect, test } from 'vitest';
import {
  checkLines,
  fail,
  isPassed,
  leftOut,
  pass,
  type Sheet,
  sheetJson,
} from '../../../provisioning/self-test/sheet.ts';
import { sheetHtml } from '../../../provisioning/self-test/sheet-html.ts';
import { utcMs } from '../../../shared/time.ts';

const good = pass('ディスク', '空き 20.0 GB');
const bad = fail('リーダー 入口', '見つかりません', '差し直してください');
const none = leftOut('カメラ', 'カメラのない設定です');
const sheet = (...checks: Sheet['checks']): Sheet => ({
  terminalId: 'gate-1',
  siteId: '30000000000001',
  at: utcMs(Date.parse('2026-11-24T14:03:10+09:00')),
  version: '0.1.0',
  wasRunning: false,
  checks,
});

describe('the sheet', () => {
  test.each([
    [[good, none], true, 'what is not there does not count against it'],
    [[good, bad], false, 'one fault is enough'],
    [[none], true, 'nothing is wrong with nothing'],
  ])('%j passes: %s (%s)', (checks, isGood) => {
    expect(isPassed(sheet(...checks))).toBe(isGood);
  });

  test('tells what to do right below what is wrong', () => {
    expect(checkLines(bad)).toEqual([
      '不合格  リーダー 入口: 見つかりません',
      '        → 差し直してください',
    ]);
    expect(checkLines(good)).toEqual(['合格  ディスク: 空き 20.0 GB']);
  });

  test('as a document for programs', () => {
    expect(JSON.parse(sheetJson(sheet(good, bad)))).toEqual({
      terminalId: 'gate-1',
      siteId: '30000000000001',
      at: '2026-11-24T14:03:10+09:00',
      version: '0.1.0',
      wasRunning: false,
      passed: false,
      checks: [
        { part: 'ディスク', result: 'pass', text: '空き 20.0 GB' },
        {
          part: 'リーダー 入口',
          result: 'fail',
          text: '見つかりません',
          advice: '差し直してください',
        },
      ],
    });
  });

  test('as a page: a name from a device is text and no markup', () => {
    const page = sheetHtml(sheet(pass('リーダー', '<script>alert(1)</script>'), bad));
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('総合判定 不合格');
    expect(page).toContain('→ 差し直してください');
    expect(page).toContain('2026-11-24 14:03');
  });
});
