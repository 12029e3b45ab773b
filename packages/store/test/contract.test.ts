import { openStore } from '@seekyou/store'
import { describeStore } from '@seekyou/testkit'

describeStore('SQLite', openStore)
