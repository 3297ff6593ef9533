// Everything that chance decides: checkers and proposers by stake, the order of a turn, the rows that are checked.
export { BatchDraw, type DrawLimit, isDrawn, rowNumbers, StintDraw, stintSalt } from './draws/rows.ts'
export { shuffle } from './draws/shuffle.ts'
export {
  drawCheckers,
  drawProposer,
  drawWeighted,
  type StakeWeights,
  stakeWeights,
  type Weighted,
} from './draws/weighted.ts'
