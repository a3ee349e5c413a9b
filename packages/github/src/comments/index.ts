export * from './cap.ts';
export * from './sticky.ts';
