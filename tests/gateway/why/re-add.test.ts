/** The adding-up that the catalogue's test relies on bites: figures that do not add up are told. */
import { describe, expect, test } from 'vitest';
import {
  count,
  decided,
  type Figure,
  list,
  mean,
  product,
  sum,
  tally,
} from '../../../gateway/why/why.ts';
import { disagreement } from '../../fixtures/re-add.ts';

const of = (value: unknown, role?: 'minus' | 'divide'): Figure => ({
  ...decided('part', '', value, []),
  ...(role === undefined ? {} : { role }),
});

describe('adding up', () => {
  test.each<[Figure, boolean, string]>([
    [sum('a', '', 5, [of(2), of(3)]), true, '2 + 3'],
    [sum('a', '', 6, [of(2), of(3)]), false, '2 + 3 is not 6'],
    [sum('a', '', -1, [of(2), of(3, 'minus')]), true, '2 − 3'],
    [sum('a', '', 1, [of(60_000), of(59_999)], { rounding: 'minutes' }), true, 'minutes drop'],
    [sum('a', '', 2, [of(60_000), of(59_999)], { rounding: 'minutes' }), false, 'and never rise'],
    [sum('a', '', 2, [of(90)], { rounding: 'hours' }), true, 'half an hour rises'],
    [sum('a', '', 1, [of('1/3'), of('2/3')], { rounding: 'down' }), true, 'thirds are exact'],
    [sum('a', '', 2, [of('3/2')], { rounding: 'half-up' }), true, 'half a yen rises'],
    [sum('a', '', 2, [of('4/3')], { rounding: 'half-up' }), false, 'less than half falls'],
    [
      product(
        'a',
        '',
        103_571,
        [of(50_000_000), of(29), of(50), of(10_000, 'divide'), of(70, 'divide')],
        { rounding: 'down' },
      ),
      true,
      'the printed example of the ‰ table',
    ],
    [product('a', '', 66.67, [of(2), of(3, 'divide')], { rounding: 'percent' }), true, '2/3'],
    [product('a', '', 66.66, [of(2), of(3, 'divide')], { rounding: 'percent' }), false, 'half up'],
    [product('a', '', undefined, [of(2), of(0, 'divide')]), true, 'nothing to divide by'],
    [product('a', '', 0, [of(2), of(0, 'divide')]), false, 'nothing to divide by is not 0'],
    [mean('a', '', 75, [of('1/2'), of(1)], { rounding: 'percent' }), true, 'the mean of rates'],
    [count('a', '', 1, [of(true), of(true)]), false, 'two are not one'],
    [list('a', '', ['part'], [of(true), of(false)]), true, 'what holds is listed'],
    [list('a', '', [], [of(true)]), false, 'what holds is missing'],
    [tally('a', '', { part: 2 }, [of(3)]), false, 'another count'],
  ])('%j: %s (%s)', (figure, isRight) => {
    expect(disagreement(figure) === undefined).toBe(isRight);
  });
});
