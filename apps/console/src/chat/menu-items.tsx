import type { ContextMenu, DropdownMenu } from 'radix-ui'
import { Icon } from '../kit/icon.tsx'
import type { IconName } from '../kit/icon.tsx'

/** One line of a menu; `---` parts what is above from what is below. */
export type MenuItem =
  | '---'
  | { readonly label: string; readonly icon?: IconName; readonly isDangerous?: boolean; readonly run: () => void }

/** The lines of a menu, of whichever kind. */
export function MenuItems({
  of: { Item, Separator },
  items,
}: {
  of: Pick<typeof DropdownMenu | typeof ContextMenu, 'Item' | 'Separator'>
  items: readonly MenuItem[]
}) {
  return items.map((item, index) =>
    item === '---' ? (
      <Separator key={`part ${index}`} />
    ) : (
      <Item key={item.label} className={item.isDangerous ? 'danger' : ''} onSelect={item.run}>
        {item.icon && <Icon name={item.icon} size={16} />}
        {item.label}
      </Item>
    ),
  )
}
