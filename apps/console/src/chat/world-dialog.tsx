import { Tabs } from 'radix-ui'
import { Dialog } from '../kit/dialog.tsx'
import { useRoom } from './use-chat.ts'
import { useChatWords } from './words.ts'
import { Discusses, Guilds } from './world-circles.tsx'
import { Clock, Devices, Faults, Snapshots } from './world-controls.tsx'
import { Groups, People } from './world-editor.tsx'
import { Requests } from './world-requests.tsx'

const tabs = {
  requests: Requests,
  people: People,
  groups: Groups,
  discusses: Discusses,
  guilds: Guilds,
  snapshots: Snapshots,
  faults: Faults,
  clock: Clock,
  devices: Devices,
} as const

/** Everything of the sandbox that is no chat. */
export function WorldDialog({ onClose }: { onClose: () => void }) {
  const { world: words } = useChatWords()
  const { world } = useRoom()
  const waiting = world.requests.filter(({ answer }) => answer === null).length
  return (
    <Dialog title={words.title} wide onClose={onClose}>
      <Tabs.Root defaultValue="requests">
        <Tabs.List className="world-tabs" aria-label={words.title}>
          {Object.keys(tabs).map((tab) => (
            <Tabs.Trigger key={tab} value={tab}>
              {words.tabs[tab as keyof typeof tabs]}
              {tab === 'requests' && waiting > 0 && <span className="tag accent">{waiting}</span>}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {Object.entries(tabs).map(([tab, View]) => (
          <Tabs.Content key={tab} value={tab} className="tab">
            <View />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  )
}
