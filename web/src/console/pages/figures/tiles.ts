// Where each district stands on the tile map of Beijing: column and row.
export const tileOf: Record<string, [column: number, row: number]> = {
  110119: [1, 0], 110116: [2, 0], 110118: [3, 0],
  110114: [1, 1], 110113: [3, 1], 110117: [4, 1],
  110109: [0, 2], 110108: [1, 2], 110102: [2, 2], 110101: [3, 2], 110105: [4, 2],
  110111: [0, 3], 110107: [1, 3], 110106: [2, 3], 110115: [3, 3], 110112: [4, 3],
}

/** One place with what is shown of it. */
export interface Tile {
  code: string
  name: string
  value?: number
  text: string
  /** How it differs from what it is compared with: shown, and said in words. */
  change?: { text: string; said: string }
  /** How dark: 0 for nothing to say, then 1 to 5. */
  step: number
}

/** The step of a value between nothing and the greatest. */
export function stepOf(value: number | undefined, most: number): number {
  if (value === undefined || value <= 0 || most <= 0) return 0
  return Math.min(5, Math.max(1, Math.ceil((value / most) * 5)))
}
