/** What the instructions of the sample's language model grew by, one after the other. */
const LINES = [
  'Keep to 120 words.',
  'Quote amounts with their currency, as the letter does.',
  'Name the merchant as on the statement.',
  'Leave out names, addresses and card numbers.',
  'End with what the customer asks for.',
  'Say "not stated" for what the letter does not say.',
  'List dates in the order of events.',
  'Answer in the language of the letter.',
];
const TONES = ['plain', 'neutral', 'plain and polite'];

/** The text of a prompt in one of its revisions; the next one differs in a line or two. */
export function promptText(name: string, revision: number): string {
  const known = 3 + (revision % (LINES.length - 2));
  return [
    `# ${name}`,
    '',
    'You summarise a letter in which a customer disputes a payment.',
    `Write ${TONES[revision % TONES.length]} sentences for a case worker.`,
    ...LINES.slice(0, known),
    `Stop after ${3 + Math.floor(revision / 6)} paragraphs.`,
    '',
    '{{letter}}',
    '',
  ].join('\n');
}
