// What everyone must compute alike of many people's answers.
export * from './agreement.ts'
export * from './bradley-terry.ts'
export * from './crowd.ts'
export * from './dawid-skene.ts'
export * from './millionths.ts'
export * from './simhash.ts'
