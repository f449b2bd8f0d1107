/**
 * Reads the files in which teams describe models: Hugging Face model cards, and ML-BOMs of CycloneDX. What is read of them
 * is for whoever reads: this takes them apart, and refuses what is hostile.
 *
 * @packageDocumentation
 */
export * from './cardFiles/bom';
export * from './cardFiles/findBomFault';
export * from './cardFiles/frontMatter';
export * from './cardFiles/outline';
