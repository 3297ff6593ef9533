// Is this the brightest spot of the tile? In AssemblyScript: the check that a job of the kind `custom` brings.
//
// Input: u32 length of what is shared (nothing here), u32 length of the tile, the tile (64 rows of 64 bytes), the answer:
// a line such as
//   17 42
// the column and the row of the middle of the spot. A spot is 3 by 3 points. Output: u32, in millionths: how bright the
// spot is beside the brightest one; nothing for an answer that is written in any other way.
import { input, output } from './piecework'

const SIDE: u32 = 64
const TILE: u32 = 8
const SCORE_ONE: u64 = 1000000
/** Two numbers of two digits, a blank, a line feed. */
const ANSWER_BYTES: u32 = 6
/** What was found of each spot is kept here: checkers prove that they ran this by the memory at a point that is drawn. */
const SPOTS: u32 = 8192
const NONE: u32 = 0xffffffff

let at: u32 = 0
let end: u32 = 0

function brightness(column: u32, row: u32): u32 {
  let sum: u32 = 0
  for (let y = row - 1; y <= row + 1; y++)
    for (let x = column - 1; x <= column + 1; x++) sum += load<u8>(TILE + y * SIDE + x)
  return sum
}

/** One or two digits, the first of them no zero, then `after`. */
function number(after: u8): u32 {
  let value: u32 = 0
  const start = at
  while (at < end && load<u8>(at) >= 0x30 && load<u8>(at) <= 0x39) value = value * 10 + load<u8>(at++) - 0x30
  const digits = at - start
  if (digits < 1 || digits > 2 || load<u8>(start) === 0x30 || at >= end || load<u8>(at) !== after) return NONE
  at += 1
  return value
}

function score(total: u32): u32 {
  const tile = SIDE * SIDE
  if (load<u32>(0) !== 0 || load<u32>(4) !== tile || total > TILE + tile + ANSWER_BYTES) return 0
  at = TILE + tile
  end = total
  const column = number(0x20)
  if (column === NONE) return 0
  const row = number(0x0a)
  if (row === NONE || at !== end || column > SIDE - 2 || row > SIDE - 2) return 0
  let best: u32 = 1
  for (let y: u32 = 1; y < SIDE - 1; y++)
    for (let x: u32 = 1; x < SIDE - 1; x++) {
      const bright = brightness(x, y)
      store<u32>(SPOTS + 4 * (y * SIDE + x), bright)
      best = max(best, bright)
    }
  return <u32>((SCORE_ONE * brightness(column, row)) / best)
}

export function run(): void {
  if (memory.size() === 0 && memory.grow(1) < 0) unreachable()
  const total = input(0, 0, 65536)
  const given = score(total)
  store<u32>(0, given)
  output(0, 4)
}
