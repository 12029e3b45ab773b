import { isMessage } from '@seekyou/protocol'
import type { Condition, NetworkEvent, Status } from '@seekyou/protocol'

/** What has passed through an account since it started. */
export class Counters {
  #eventsReceived = 0
  #callsDone = 0
  #messagesReceived = 0
  #messagesSent = 0
  #lastMessageTime = 0

  countEvent(event: NetworkEvent): void {
    this.#eventsReceived++
    if (!isMessage(event)) return
    this.#lastMessageTime = event.time
    if (event.post_type === 'message_sent') this.#messagesSent++
    else this.#messagesReceived++
  }

  countCall(): void {
    this.#callsDone++
  }

  /** The account's condition, in the fields that every generation of clients looks for. */
  status(condition: Condition): Status {
    return {
      online: condition.phase !== 'offline',
      good: condition.phase === 'online',
      app_initialized: true,
      app_enabled: true,
      app_good: true,
      plugins_good: {},
      ...(condition.phase !== 'online' && { reason: condition.reason }),
      stat: {
        packet_received: this.#eventsReceived,
        packet_sent: this.#callsDone,
        packet_lost: 0,
        message_received: this.#messagesReceived,
        message_sent: this.#messagesSent,
        disconnect_times: 0,
        lost_times: 0,
        last_message_time: this.#lastMessageTime,
      },
    }
  }
}
