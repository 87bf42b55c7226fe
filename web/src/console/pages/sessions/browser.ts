// What people call a browser and its system, out of the long line it sends. The order counts: each
// says that it is those before it as well.
const browsers: [RegExp, string][] = [
  [/wxwork\/(\d+)/, 'wecom'], [/MicroMessenger\/(\d+)/, 'wechat'], [/Edg(?:A|iOS)?\/(\d+)/, 'Edge'], [/(?:OPR|Opera)\/(\d+)/, 'Opera'],
  [/(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'], [/(?:Chrome|CriOS)\/(\d+)/, 'Chrome'], [/Version\/(\d+).* Safari\//, 'Safari'], [/^curl\/(\d+)/, 'curl'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS/, 'harmony'], [/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux'],
]

/** The browser with its version and its system, say "Chrome 139, Windows"; named translates the names that have two. */
export function browserOf(agent: string, named: (name: string) => string): string {
  const found = browsers.flatMap(([pattern, name]) => {
    const version = pattern.exec(agent)?.[1]
    return version ? [`${named(name)} ${version}`] : []
  })[0]
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  return [found ?? agent.slice(0, 40), ...(found && system ? [named(system)] : [])].join(' · ')
}
