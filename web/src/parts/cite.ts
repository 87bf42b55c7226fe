import { lang } from '@/app/i18n'

const titles: Record<string, string> = { DRR: '《戒毒条例》', NCL: '《禁毒法》', DTP: '《吸毒检测程序规定》', PIPL: '《个人信息保护法》' }
const digits = '零一二三四五六七八九'

function numeral(n: number): string {
  if (n < 10) return digits[n]!
  const ten = Math.floor(n / 10)
  return `${ten > 1 ? digits[ten] : ''}十${n % 10 ? digits[n % 10] : ''}`
}

/** The article as the law is cited. What stands in brackets behind it is said in English alone; whose choice it is, the mark says. */
export function citation(cite: string | undefined): string {
  if (lang.value === 'en') return cite ?? ''
  const bare = (cite ?? '').replace(/ \(.*\)$/, '')
  let title = ''
  const parts: string[] = []
  for (const part of bare.split(/[,;]\s*/)) {
    const m = /^(?:([A-Z]+)\b)?(?: ?art\.)?\s*(?:(\d+)(?:\((\d+)\))?)?$/.exec(part.trim())
    if (!m || (m[1] && !titles[m[1]]) || (!m[1] && !title)) return ''
    title = m[1] ?? title
    parts.push(`${m[1] ? titles[m[1]] : ''}${m[2] ? `第${numeral(Number(m[2]))}条` : ''}${m[3] ? `第${numeral(Number(m[3]))}款` : ''}`)
  }
  return parts.join('、')
}
