/**
 * Types, schemas, permissions and client of Slipway model delivery.
 *
 * @packageDocumentation
 */
export * from './api';
export * from './kind';
export * from './permissions';
export * from './signals';
