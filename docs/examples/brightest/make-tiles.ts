// Makes the tiles of the example: night-side pictures as a satellite might send them, with noise and a few lights.
//   node docs/examples/brightest/make-tiles.ts > docs/examples/brightest/tiles.bin
const SIDE = 64
const TILES = 12
const LIGHTS = 6

/** The same numbers in every run: a linear congruential generator (Numerical Recipes). */
let state = 20_260_101
function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * limit)
}

function tile(): Uint8Array {
  const lights = Array.from({ length: LIGHTS }, () => ({
    x: below(SIDE),
    y: below(SIDE),
    power: 100 + below(500),
  }))
  return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    const glow = lights.map((light) => light.power / (3 + (x - light.x) ** 2 + (y - light.y) ** 2))
    return Math.min(255, Math.floor(below(40) + glow.reduce((sum, part) => sum + part, 0)))
  })
}

process.stdout.write(Buffer.concat(Array.from({ length: TILES }, tile)))
