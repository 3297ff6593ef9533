// Where does a piece of DNA (a read) fit best into a longer one (the reference)? Smith-Waterman local alignment of the
// read and of its reverse complement, in AssemblyScript: the program of an example job of the kind `compute`.
//
// Input: u32 length of the reference, the reference, the read; letters are bytes. Output: a line of text, such as
//   + 96 1408 48
// the strand, the score, and where the best alignment ends in the reference and in the read, counted from 1.
import { input, output } from './piecework'

const MATCH: i32 = 2
const MISMATCH: i32 = -3
const GAP: i32 = -5

/** Memory: the input, then the read to align, then one row of scores (i32), then the line to put out. */
const INPUT: u32 = 0
const LINE_BYTES: u32 = 64
const PAGE_BYTES: u32 = 65536

let bestScore: i32 = 0
let bestInReference: u32 = 0
let bestInRead: u32 = 0
let bestStrand: u8 = 0

function complement(letter: u8): u8 {
  if (letter === 0x41) return 0x54
  if (letter === 0x54) return 0x41
  if (letter === 0x43) return 0x47
  if (letter === 0x47) return 0x43
  return letter
}

/** Keeps one row: the scores of alignments that end at the letter of the reference before. */
function align(reference: u32, read: u32, strand: u8): void {
  const readAt = INPUT + 4 + reference + read
  const rowAt = (readAt + read + 3) & ~3
  memory.fill(rowAt, 0, 4 * read)
  for (let i: u32 = 0; i < reference; i++) {
    const letter = load<u8>(INPUT + 4 + i)
    let diagonal: i32 = 0
    let left: i32 = 0
    for (let j: u32 = 0; j < read; j++) {
      const at = rowAt + 4 * j
      const above = load<i32>(at)
      const step = letter === load<u8>(readAt + j) ? MATCH : MISMATCH
      let score = diagonal + step
      score = max(score, above + GAP)
      score = max(score, left + GAP)
      score = max(score, 0)
      store<i32>(at, score)
      diagonal = above
      left = score
      if (score > bestScore) {
        bestScore = score
        bestInReference = i + 1
        bestInRead = j + 1
        bestStrand = strand
      }
    }
  }
}

/** Writes a number before `end`, and says where it begins. */
function writeNumber(end: u32, value: u32): u32 {
  let at = end
  let rest = value
  do {
    at -= 1
    store<u8>(at, <u8>(0x30 + (rest % 10)))
    rest /= 10
  } while (rest > 0)
  return at
}

function writeLine(end: u32): void {
  let at = end - 1
  store<u8>(at, 0x0a)
  at = writeNumber(at, bestInRead) - 1
  store<u8>(at, 0x20)
  at = writeNumber(at, bestInReference) - 1
  store<u8>(at, 0x20)
  at = writeNumber(at, <u32>bestScore) - 1
  store<u8>(at, 0x20)
  at -= 1
  store<u8>(at, bestStrand)
  output(at, end - at)
}

export function run(): void {
  const total = input(INPUT, 0, 0)
  const room = total + 6 * total + LINE_BYTES
  const pages = (room + PAGE_BYTES - 1) / PAGE_BYTES
  if (pages > <u32>memory.size() && memory.grow(pages - memory.size()) < 0) unreachable()
  input(INPUT, 0, total)
  const reference = load<u32>(INPUT)
  const read = total - 4 - reference
  const from = INPUT + 4 + reference
  const to = from + read
  memory.copy(to, from, read)
  bestStrand = 0x2b
  align(reference, read, 0x2b)
  for (let j: u32 = 0; j < read; j++) store<u8>(to + j, complement(load<u8>(from + read - 1 - j)))
  align(reference, read, 0x2d)
  writeLine(room)
}
