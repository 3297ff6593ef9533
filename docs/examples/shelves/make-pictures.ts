// Makes the pictures of the example: shelves of a shop with gaps, and things that fell over; and the list of them.
//   node docs/examples/shelves/make-pictures.ts
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Colour, Picture } from '../meters/png.ts'

const [WALL, BOARD]: readonly Colour[] = [
  [232, 228, 220],
  [122, 92, 66],
]
const PACKS: readonly Colour[] = [
  [52, 110, 170],
  [186, 60, 58],
  [70, 140, 84],
]
const PLACE = 40

/** A row for each board: a pack of a sort, a gap, or one that fell over. */
function shelf(rows: readonly string[]): Uint8Array {
  const picture = new Picture(8 * PLACE, rows.length * 80, WALL ?? [0, 0, 0])
  for (const [row, places] of rows.entries()) {
    const board = row * 80 + 72
    picture.fill({ x: 0, y: board, width: 8 * PLACE, height: 8 }, BOARD ?? [0, 0, 0])
    for (const [i, place] of [...places].entries()) {
      const colour = PACKS[row % PACKS.length] ?? [0, 0, 0]
      if (place === '#') picture.fill({ x: i * PLACE + 4, y: board - 56, width: 32, height: 56 }, colour)
      if (place === '_') picture.fill({ x: i * PLACE - 12, y: board - 28, width: 60, height: 28 }, colour)
    }
  }
  return picture.png()
}

function write(name: string, bytes: Uint8Array): string {
  writeFileSync(join(import.meta.dirname, name), bytes)
  return createHash('sha256').update(bytes).digest('hex')
}

const shelves = [
  ['########', '## #####'],
  ['#### ###', '########'],
  ['########', '# _ ####'],
]
const items = shelves.map((rows, i) => JSON.stringify({ image: write(`shelf-${i}.png`, shelf(rows)) }))
write('items.txt', Buffer.from(`${items.join('\n')}\n`))
console.log(`for the instructions: sha256:${write('example.png', shelf(['### ####']))}`)
