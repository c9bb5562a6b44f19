/** Furigana (ルビ) in a text: `{漢字|かんじ}`; screens draw it as ruby, everything else strips it. */

const RUBY = /\{([^{}|]*)\|([^{}|]*)\}/g;

export const withoutRuby = (text: string): string => text.replace(RUBY, '$1');
