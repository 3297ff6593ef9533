// Makes the pictures of the example, as people send them of their water meters, and the list of them.
//   node docs/examples/meters/make-pictures.ts
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Colour, Picture } from './png.ts'

/** Seven strokes, from the top: which of them each digit has. */
const STROKES = [
  '1110111',
  '0010010',
  '1011101',
  '1011011',
  '0111010',
  '1101011',
  '1101111',
  '1010010',
  '1111111',
  '1111011',
]
const [WIDTH, HEIGHT, THICK] = [18, 34, 4]
const [PAPER, DRUM, WHITE, RED]: readonly [Colour, Colour, Colour, Colour] = [
  [196, 190, 178],
  [28, 28, 32],
  [236, 236, 230],
  [214, 66, 52],
]

const middle = HEIGHT / 2 - THICK / 2
const half = HEIGHT / 2
const PLACES = [
  { x: 0, y: 0, width: WIDTH, height: THICK },
  { x: 0, y: 0, width: THICK, height: half },
  { x: WIDTH - THICK, y: 0, width: THICK, height: half },
  { x: 0, y: middle, width: WIDTH, height: THICK },
  { x: 0, y: half, width: THICK, height: half },
  { x: WIDTH - THICK, y: half, width: THICK, height: half },
  { x: 0, y: HEIGHT - THICK, width: WIDTH, height: THICK },
]

/** The last digit counts tenths, and is red. */
function meter(reading: string): Uint8Array {
  const picture = new Picture(260, 90, PAPER)
  for (const [i, digit] of [...reading].entries()) {
    const left = 16 + i * 38
    picture.fill({ x: left, y: 18, width: 32, height: 54 }, DRUM)
    const colour = i === reading.length - 1 ? RED : WHITE
    for (const [k, place] of PLACES.entries()) {
      if (STROKES[Number(digit)]?.[k] === '1')
        picture.fill({ ...place, x: left + 7 + place.x, y: 28 + place.y }, colour)
    }
  }
  return picture.png()
}

function write(name: string, bytes: Uint8Array): string {
  writeFileSync(join(import.meta.dirname, name), bytes)
  return createHash('sha256').update(bytes).digest('hex')
}

const shown = ['004217', '118390', '027564', '903318']
const items = shown.map((reading, i) => JSON.stringify({ image: write(`meter-${i}.png`, meter(reading)) }))
write('items.txt', Buffer.from(`${items.join('\n')}\n`))
console.log(`for the instructions: sha256:${write('example.png', meter('000735'))}`)
