// A picture as the bytes of a PNG: eight bits each of red, green and blue.
import { crc32, deflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(type: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}

export type Colour = readonly [red: number, green: number, blue: number]

export class Picture {
  readonly #width: number
  readonly #height: number
  readonly #pixels: Uint8Array

  constructor(width: number, height: number, paper: Colour) {
    this.#width = width
    this.#height = height
    this.#pixels = new Uint8Array(3 * width * height)
    this.fill({ x: 0, y: 0, width, height }, paper)
  }

  fill(
    { x, y, width, height }: Readonly<Record<'x' | 'y' | 'width' | 'height', number>>,
    colour: Colour,
  ): void {
    for (let row = Math.max(0, y); row < Math.min(this.#height, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(this.#width, x + width); column++)
        this.#pixels.set(colour, 3 * (row * this.#width + column))
    }
  }

  png(): Uint8Array {
    const header = Buffer.alloc(13)
    header.writeUInt32BE(this.#width, 0)
    header.writeUInt32BE(this.#height, 4)
    header.set([8, 2, 0, 0, 0], 8)
    const stride = 3 * this.#width
    const lines = Array.from({ length: this.#height }, (_, row) =>
      Buffer.concat([Buffer.alloc(1), this.#pixels.subarray(row * stride, (row + 1) * stride)]),
    )
    const parts = [
      chunk('IHDR', header),
      chunk('IDAT', deflateSync(Buffer.concat(lines))),
      chunk('IEND', Buffer.alloc(0)),
    ]
    return Buffer.concat([SIGNATURE, ...parts])
  }
}
