/** Every message example of the seed documents, as printed there, with the segments it stands for. */
import type { Segment } from '@seekyou/message'

const json = String.raw`{"app":"com.tencent.miniapp"&#44;"desc":""&#44;"view":"notification"&#44;"ver":"0.0.0.1"&#44;"prompt":"&#91;应用&#93;"&#44;"appID":""&#44;"sourceName":""&#44;"actionData":""&#44;"actionData_A":""&#44;"sourceUrl":""&#44;"meta":{"notification":{"appInfo":{"appName":"全国疫情数据统计"&#44;"appType":4&#44;"appid":1109659848&#44;"iconUrl":"http:\/\/gchat.qpic.cn\/gchatpic_new\/719328335\/-2010394141-6383A777BEB79B70B31CE250142D740F\/0"}&#44;"data":&#91;{"title":"确诊"&#44;"value":"80932"}&#44;{"title":"今日确诊"&#44;"value":"28"}&#44;{"title":"疑似"&#44;"value":"72"}&#44;{"title":"今日疑似"&#44;"value":"5"}&#44;{"title":"治愈"&#44;"value":"60197"}&#44;{"title":"今日治愈"&#44;"value":"1513"}&#44;{"title":"死亡"&#44;"value":"3140"}&#44;{"title":"今**亡"&#44;"value":"17"}&#93;&#44;"title":"中国加油，武汉加油"&#44;"button":&#91;{"name":"病毒：SARS-CoV-2，其导致疾病命名 COVID-19"&#44;"action":""}&#44;{"name":"传染源：新冠肺炎的患者。无症状感染者也可能成为传染源。"&#44;"action":""}&#93;&#44;"emphasis_keyword":""}}&#44;"text":""&#44;"sourceAd":""}`

/** The same card with its escapes undone by hand-written replacements. */
const card = json.replaceAll('&#44;', ',').replaceAll('&#91;', '[').replaceAll('&#93;', ']').replaceAll('&amp;', '&')

/** The seeds' CQ codes and what they decode to. */
export const codeExamples: readonly { readonly code: string; readonly segments: readonly Segment[] }[] = [
  {
    code: '[CQ:image,file=http://baidu.com/1.jpg,type=show,id=40004]',
    segments: [{ type: 'image', data: { file: 'http://baidu.com/1.jpg', type: 'show', id: '40004' } }],
  },
  { code: '[CQ:reply,id=123456]', segments: [{ type: 'reply', data: { id: '123456' } }] },
  {
    code: '[CQ:reply,text=Hello World,qq=10086,time=3376656000,seq=5123]',
    segments: [{ type: 'reply', data: { text: 'Hello World', qq: '10086', time: '3376656000', seq: '5123' } }],
  },
  { code: '[CQ:music,type=163,id=28949129]', segments: [{ type: 'music', data: { type: '163', id: '28949129' } }] },
  {
    code: '[CQ:music,type=custom,url=http://baidu.com,audio=http://baidu.com/1.mp3,title=音乐标题]',
    segments: [
      {
        type: 'music',
        data: { type: 'custom', url: 'http://baidu.com', audio: 'http://baidu.com/1.mp3', title: '音乐标题' },
      },
    ],
  },
  { code: '[CQ:redbag,title=恭喜发财]', segments: [{ type: 'redbag', data: { title: '恭喜发财' } }] },
  { code: '[CQ:poke,qq=123456]', segments: [{ type: 'poke', data: { qq: '123456' } }] },
  { code: '[CQ:gift,qq=123456,id=8]', segments: [{ type: 'gift', data: { qq: '123456', id: '8' } }] },
  { code: '[CQ:forward,id=xxxx]', segments: [{ type: 'forward', data: { id: 'xxxx' } }] },
  {
    code: String.raw`[CQ:image,file=file:///C:\\Users\Richard\Pictures\1.mp4]`,
    segments: [{ type: 'image', data: { file: String.raw`file:///C:\\Users\Richard\Pictures\1.mp4` } }],
  },
  { code: '[CQ:xml,data=xxxx]', segments: [{ type: 'xml', data: { data: 'xxxx' } }] },
  { code: `[CQ:json,data=${json}]`, segments: [{ type: 'json', data: { data: card } }] },
  {
    code: '[CQ:cardimage,file=https://i.pixiv.cat/img-master/img/2020/03/25/00/00/08/80334602_p0_master1200.jpg]',
    segments: [
      {
        type: 'cardimage',
        data: {
          file: 'https://i.pixiv.cat/img-master/img/2020/03/25/00/00/08/80334602_p0_master1200.jpg',
        },
      },
    ],
  },
  { code: '[CQ:tts,text=这是一条测试消息]', segments: [{ type: 'tts', data: { text: '这是一条测试消息' } }] },
  {
    code: '合并转发2[CQ:image,file=xxxx,url=xxxx]',
    segments: [
      { type: 'text', data: { text: '合并转发2' } },
      { type: 'image', data: { file: 'xxxx', url: 'xxxx' } },
    ],
  },
  {
    code: '[CQ:image,file=xxxxx]测试消息2',
    segments: [
      { type: 'image', data: { file: 'xxxxx' } },
      { type: 'text', data: { text: '测试消息2' } },
    ],
  },
]

/** The seeds' XML cards, before the escapes of a code, with what a chat list shows for each. */
export const xmlExamples: readonly { readonly xml: string; readonly summary: string }[] = [
  {
    xml: String.raw`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><msg serviceID="2" templateID="1" action="web" brief="&#91;分享&#93; 十年" sourceMsgId="0" url="https://i.y.qq.com/v8/playsong.html?_wv=1&amp;songid=4830342&amp;souce=qqshare&amp;source=qqshare&amp;ADTAG=qqshare" flag="0" adverSign="0" multiMsgFlag="0" ><item layout="2"><audio cover="http://imgcache.qq.com/music/photo/album_500/26/500_albumpic_89526_0.jpg" src="http://ws.stream.qqmusic.qq.com/C400003mAan70zUy5O.m4a?guid=1535153710&amp;vkey=D5315B8C0603653592AD4879A8A3742177F59D582A7A86546E24DD7F282C3ACF81526C76E293E57EA1E42CF19881C561275D919233333ADE&amp;uin=&amp;fromtag=3" /><title>十年</title><summary>陈奕迅</summary></item><source name="QQ音乐" icon="https://i.gtimg.cn/open/app_icon/01/07/98/56/1101079856_100_m.png" url="http://web.p.qq.com/qqmpmobile/aio/app.html?id=1101079856" action="app"  a_actionData="com.tencent.qqmusic" i_actionData="tencent1101079856://" appid="1101079856" /></msg>`,
    summary: '[分享] 十年',
  },
  {
    xml: String.raw`<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><msg serviceID="2" templateID="1" action="web" brief="&#91;分享&#93; 十年" sourceMsgId="0" url="http://music.163.com/m/song/409650368" flag="0" adverSign="0" multiMsgFlag="0" ><item layout="2"><audio cover="http://p2.music.126.net/g-Qgb9ibk9Wp_0HWra0xQQ==/16636710440565853.jpg?param=90y90" src="https://music.163.com/song/media/outer/url?id=409650368.mp3" /><title>十年</title><summary>黄梦之</summary></item><source name="网易云音乐" icon="https://pic.rmb.bdstatic.com/911423bee2bef937975b29b265d737b3.png" url="http://web.p.qq.com/qqmpmobile/aio/app.html?id=1101079856" action="app" a_actionData="com.netease.cloudmusic" i_actionData="tencent100495085://" appid="100495085" /></msg>`,
    summary: '[分享] 十年',
  },
  {
    xml: String.raw`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<msg serviceID="1">
<item><title>生死8秒！女司机高速急刹，他一个操作救下一车性命</title></item>
<source name="官方认证消息" icon="https://qzs.qq.com/ac/qzone_v5/client/auth_icon.png" action="" appid="-1" />
</msg>`,
    summary: '[卡片消息]',
  },
  {
    xml: String.raw`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<msg serviceID="1">
<item layout="4">
<title>test title</title>
<picture cover="http://url.cn/5CEwIUy"/>
</item>
</msg>`,
    summary: '[卡片消息]',
  },
]

/** The seeds' messages in array or object form and what they are read as. */
export const inputExamples: readonly { readonly input: unknown; readonly segments: readonly Segment[] }[] = [
  {
    input: { type: 'music', data: { type: '163', id: '28949129' } },
    segments: [{ type: 'music', data: { type: '163', id: '28949129' } }],
  },
  {
    input: {
      type: 'music',
      data: { type: 'custom', url: 'http://baidu.com', audio: 'http://baidu.com/1.mp3', title: '音乐标题' },
    },
    segments: [
      {
        type: 'music',
        data: { type: 'custom', url: 'http://baidu.com', audio: 'http://baidu.com/1.mp3', title: '音乐标题' },
      },
    ],
  },
  {
    input: [
      { type: 'node', data: { id: '123' } },
      { type: 'node', data: { id: '456' } },
    ],
    segments: [
      { type: 'node', data: { id: '123' } },
      { type: 'node', data: { id: '456' } },
    ],
  },
  {
    input: [
      {
        type: 'node',
        data: { name: '消息发送者A', uin: '10086', content: [{ type: 'text', data: { text: '测试消息1' } }] },
      },
      { type: 'node', data: { name: '消息发送者B', uin: '10087', content: '[CQ:image,file=xxxxx]测试消息2' } },
    ],
    segments: [
      {
        type: 'node',
        data: { name: '消息发送者A', uin: '10086', content: [{ type: 'text', data: { text: '测试消息1' } }] },
      },
      {
        type: 'node',
        data: {
          name: '消息发送者B',
          uin: '10087',
          content: [
            { type: 'image', data: { file: 'xxxxx' } },
            { type: 'text', data: { text: '测试消息2' } },
          ],
        },
      },
    ],
  },
  {
    input: [
      {
        type: 'node',
        data: { name: '自定义发送者', uin: '10086', content: '我是自定义消息', seq: '5123', time: '3376656000' },
      },
      { type: 'node', data: { id: '123' } },
    ],
    segments: [
      {
        type: 'node',
        data: {
          name: '自定义发送者',
          uin: '10086',
          content: [{ type: 'text', data: { text: '我是自定义消息' } }],
          seq: '5123',
          time: '3376656000',
        },
      },
      { type: 'node', data: { id: '123' } },
    ],
  },
]
