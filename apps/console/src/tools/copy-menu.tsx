import { DropdownMenu } from 'radix-ui'
import { Icon } from '../kit/icon.tsx'
import { useWords } from '../kit/language.ts'
import { toolWords } from './words.ts'

/** What a copy menu offers: how each form is made, for when it is chosen. */
export interface CopyForms {
  readonly curl?: () => Promise<void>
  readonly client?: () => Promise<void>
  readonly json: () => Promise<void>
}

/** A button with a menu of the forms in which something can be copied. */
export function CopyMenu({ forms }: { forms: CopyForms }) {
  const words = useWords(toolWords)
  const items = [
    { title: words.copyCurl, run: forms.curl },
    { title: words.copyClient, run: forms.client },
    { title: words.copyAsJson, run: forms.json },
  ]
  return (
    // A modal menu would write styles into the page, which its policy refuses.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="button">
        <Icon name="copy" size={14} />
        {words.copyAs}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="end" sideOffset={4} collisionPadding={8}>
          {items.map(
            ({ title, run }) =>
              run && (
                <DropdownMenu.Item key={title} onSelect={() => void run()}>
                  {title}
                </DropdownMenu.Item>
              ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
