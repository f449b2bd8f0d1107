const NORMAL = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const BOLD = require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf');
const SIZE = 9.5;
/** Drawn in place of what the font lacks. */
const UNKNOWN = '□';

/** Text of a PDF, from top to bottom: headings, facts, paragraphs. */
export class PdfText {
  readonly #document: PDFKit.PDFDocument;
  #lacking = false;

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
    document.registerFont('normal', NORMAL);
    document.registerFont('bold', BOLD);
    document.font('normal');
  }

  /** Whether something was written that the font lacks. */
  get lacking(): boolean {
    return this.#lacking;
  }

  heading(text: string, size: number): void {
    this.#document.moveDown(size > 10 ? 0.8 : 0.3);
    this.#write(text, { size, font: 'bold' });
    this.#document.moveDown(0.2);
  }

  line(text: string, options: { grey?: boolean; indent?: number } = {}): void {
    this.#write(text, options);
    this.#document.moveDown(0.3);
  }

  /** A name and its value in one line, or as many as it takes. */
  fact(label: string, value: string): void {
    this.#write(`${label}: `, { font: 'bold', continued: true });
    this.#write(value, {});
    this.#document.moveDown(0.15);
  }

  #write(
    text: string,
    options: {
      size?: number;
      font?: 'normal' | 'bold';
      grey?: boolean;
      indent?: number;
      continued?: boolean;
    },
  ): void {
    const document = this.#document;
    document
      .font(options.font ?? 'normal')
      .fontSize(options.size ?? SIZE)
      .fillColor(options.grey ? '#5b5b5b' : '#111111')
      .text(this.#drawable(text), {
        indent: options.indent ?? 0,
        continued: options.continued ?? false,
        lineGap: 1.5,
      });
  }

  /** The text with what the font lacks replaced. */
  #drawable(text: string): string {
    const { font } = (
      this.#document as unknown as {
        _font: {
          font: { hasGlyphForCodePoint(codePoint: number): boolean };
        };
      }
    )._font;
    return [...text.replace(/\r/g, '').replace(/\t/g, '  ')]
      .map(character => {
        const codePoint = character.codePointAt(0)!;
        if (character === '\n' || font.hasGlyphForCodePoint(codePoint)) {
          return character;
        }
        this.#lacking = true;
        return UNKNOWN;
      })
      .join('');
  }
}
