// Arabic writes short words (and, to, by, like, the) joined to the next one. Pagefind's stemmer
// takes off the article and makes alef, hamza, taa marbuta and vowel signs alike, but leaves these;
// so a word is also looked for with each of them before it.

const ARABIC = /^\p{Script=Arabic}{2,}$/u;
const ARTICLE = /^(?:[وفبك]?ال|لل)(?=.{3})/u;
const JOINED = ["", "وال", "و", "ل", "لل", "بال", "ب", "فال", "ف", "كال", "ولل"];

/** The forms under which a word may stand in a text, itself first. */
export function forms(word: string): string[] {
  if (!ARABIC.test(word)) return [word];
  const bare = word.replace(ARTICLE, "");
  return [...new Set([word, ...JOINED.map((before) => before + bare)])];
}
