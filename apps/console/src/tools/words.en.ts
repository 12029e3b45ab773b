export const en = {
  showAll: 'Show all of it',
  copyJson: (what: string) => `Copy as JSON: ${what}`,
  copyAs: 'Copy as …',
  copyCurl: 'Copy as curl',
  copyClient: 'Copy as TypeScript (@seekyou/client)',
  copyAsJson: 'Copy as JSON',
  absent: (what: string) => `This server does not have it: ${what}`,
  failed: 'It could not be read.',
}
