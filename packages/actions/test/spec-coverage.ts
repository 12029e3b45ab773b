/*
 * Every action that a document or a living implementation knows, transcribed from the documents and not from the
 * catalogue: the two seed documents, CQHTTP v4.15, OneBot 11, go-cqhttp, and what Koishi, NoneBot, ZeroBot and AstrBot
 * call of NapCat, LLBot and Lagrange.
 *
 *   name and other names | generations | params | data
 *
 * Generations: 2 and 4 are CQHTTP, 11 OneBot 11, go go-cqhttp, ext what was added since. Of a param `*` says that it must
 * be there, `,` what else it is called, `~` that it is read whatever comes. Of data `[]` says list, `{}` what is inside;
 * where nothing stands, it is a value by itself.
 */
const table = `
send_private_msg                  | 2 4 11 go | user_id* group_id message* auto_escape,is_raw | message_id
send_group_msg                    | 2 4 11 go | group_id* message* auto_escape,is_raw | message_id
send_discuss_msg                  | 2 4       | discuss_id* message* auto_escape,is_raw | message_id
send_msg                          | 4 11 go   | message_type user_id group_id discuss_id message* auto_escape,is_raw | message_id
delete_msg                        | 4 11 go   | message_id* | null
get_msg                           | 11 go     | message_id*,id | message_id message_id_v2 message_seq message_type real_id group group_id sender{user_id nickname} time message raw_message
get_forward_msg                   | 11 go     | id*,message_id | messages[]{sender{user_id nickname} time content} message[]{type data{user_id nickname content}}
send_group_forward_msg            | go        | group_id* messages* | message_id forward_id
send_private_forward_msg          | go        | user_id* messages* | message_id forward_id
send_forward_msg                  | go        | message_type user_id group_id messages* | message_id forward_id
get_group_msg_history             | go        | group_id* message_seq message_id count reverseOrder,reverse_order | messages[]{post_type message_type time self_id message_id message_seq user_id message raw_message font sender}
get_friend_msg_history            | ext       | user_id* message_seq message_id count reverseOrder,reverse_order | messages[]{post_type message_type time self_id message_id user_id message raw_message font sender}
mark_msg_as_read                  | go        | message_id* | null
mark_private_msg_as_read          | ext       | user_id* | null
mark_group_msg_as_read            | ext       | group_id* | null
_mark_all_as_read                 | ext       | | null
forward_group_single_msg          | ext       | group_id* message_id* | message_id
forward_friend_single_msg         | ext       | user_id* message_id* | message_id
set_essence_msg                   | go        | message_id* | null
delete_essence_msg                | go        | message_id* | null
get_essence_msg_list              | go        | group_id* | []{sender_id sender_nick sender_time operator_id operator_nick operator_time message_id}
set_msg_emoji_like set_group_reaction | ext   | message_id* emoji_id*,code set,is_add | null
unset_msg_emoji_like              | ext       | message_id* emoji_id* | null
fetch_emoji_like                  | ext       | message_id* emojiId*,emoji_id emojiType,emoji_type count cookie | emojiLikesList[]{tinyId nickName headUrl} cookie isFirstPage isLastPage

get_login_info                    | 2 4 11 go | | user_id nickname
set_qq_profile                    | go        | nickname company email college personal_note | null
set_qq_avatar                     | ext       | file* | null
set_self_longnick                 | ext       | longNick* | null
qidian_get_account_info qidian_get_login_info | go | | master_id ext_name create_time
_get_model_show                   | go        | model* | variants[]{model_show need_pay}
_set_model_show                   | go        | model* model_show | null
get_online_clients                | go        | no_cache | clients[]{app_id device_name device_kind}
get_stranger_info                 | 2 4 11 go | user_id* no_cache | user_id nickname sex age qid sign level login_days vip_level
_get_vip_info                     | 4 go      | user_id* | user_id nickname level level_speed vip_level vip_growth_speed vip_growth_total
get_friend_list                   | 4 11 go   | | []{user_id nickname remark}
_get_friend_list                  | 4         | flat | []{friend_group_id friend_group_name friends[]{nickname remark user_id}}
get_friends_with_category         | ext       | | []{categoryId categoryName categorySortId categoryMbCount buddyList[]{user_id nickname remark}}
get_unidirectional_friend_list    | go        | | []{user_id nickname source}
delete_friend                     | go        | user_id*,id,friend_id | null
delete_unidirectional_friend      | go        | user_id* | null
set_friend_remark                 | ext       | user_id* remark | null
send_like                         | 2 4 11    | user_id* times | null
friend_poke                       | ext       | user_id* target_id | null
group_poke                        | ext       | group_id* user_id* | null
send_poke                         | ext       | user_id* group_id target_id | null
set_online_status                 | ext       | status* ext_status battery_status | null
set_input_status                  | ext       | user_id* event_type | null

get_group_list                    | 2 4 11 go | no_cache | []{group_id group_name group_memo group_create_time group_level member_count max_member_count}
get_group_info                    | 4 11 go   | group_id* no_cache | group_id group_name group_memo group_create_time group_level member_count max_member_count
_get_group_info                   | 4         | group_id* | group_id group_name create_time category member_count max_member_count introduction admins[]{user_id nickname role} admin_count max_admin_count owner_id
get_group_member_list             | 2 4 11 go | group_id* no_cache | []{group_id user_id nickname card sex age area join_time last_sent_time shut_up_timestamp level role unfriendly title title_expire_time card_changeable}
get_group_member_info             | 2 4 11 go | group_id* user_id* no_cache | group_id user_id nickname card sex age area join_time last_sent_time shut_up_timestamp level role unfriendly title title_expire_time card_changeable
get_group_honor_info              | 11 go     | group_id* type | group_id current_talkative{user_id nickname avatar day_count} talkative_list[]{user_id nickname avatar description} performer_list legend_list strong_newbie_list emotion_list
get_group_shut_list               | ext       | group_id* | []{user_id nickname shut_up_time uin nick cardName shutUpTime}
get_group_signed_list             | ext       | group_id* | []{user_id nick time rank}
get_group_at_all_remain           | go        | group_id* | can_at_all remain_at_all_count_for_group remain_at_all_count_for_uin
_get_group_notice                 | 4 go      | group_id* | []{notice_id sender_id publish_time message{text images[]{height width id}}}
get_group_system_msg              | go        | | invited_requests[]{request_id invitor_uin invitor_nick group_id group_name checked actor} join_requests[]{request_id requester_uin requester_nick message group_id group_name action_uin action_uin_nick checked actor suspicious}
get_group_ignored_notifies        | ext       | | invited_requests[]{request_id invitor_uin} join_requests[]{request_id requester_uin}

set_group_kick                    | 2 4 11 go | group_id* user_id* reject_add_request message~ | null
set_group_ban                     | 2 4 11 go | group_id* user_id* duration | null
set_group_anonymous_ban           | 2 4 11 go | group_id* flag*,anonymous_flag anonymous~ duration | null
set_group_whole_ban               | 2 4 11 go | group_id* enable | null
set_group_admin                   | 2 4 11 go | group_id* user_id* enable | null
set_group_anonymous               | 2 4 11 go | group_id* enable | null
set_group_card                    | 2 4 11 go | group_id* user_id* card | null
set_group_name                    | 11 go     | group_id* group_name* | null
set_group_portrait                | go        | group_id* file* cache | null
set_group_special_title           | 2 4 11 go | group_id* user_id* special_title duration | null
set_group_remark                  | ext       | group_id* remark | null
set_group_leave                   | 2 4 11 go | group_id* is_dismiss | null
set_discuss_leave                 | 2 4       | discuss_id* | null
_send_group_notice                | 4 go      | group_id* content* title image | notice_id
_del_group_notice _delete_group_notice | go   | group_id* notice_id* | null
send_group_sign set_group_sign    | go        | group_id* | null
set_friend_add_request            | 2 4 11 go | flag* approve remark | null
set_group_add_request             | 2 4 11 go | flag* sub_type,type approve reason | null

upload_group_file                 | go        | group_id* file* name* folder,folder_id | file_id
upload_private_file               | go        | user_id* file* name* | file_id
get_group_file_system_info        | go        | group_id* | group_id file_count limit_count used_space total_space
get_group_root_files              | go        | group_id* | files[]{group_id file_id file_name busid file_size upload_time dead_time modify_time download_times uploader uploader_name} folders[]{group_id folder_id folder_name create_time creator creator_name total_file_count}
get_group_files_by_folder         | go        | group_id* folder_id*,folder | files[]{group_id file_id file_name busid file_size upload_time dead_time modify_time download_times uploader uploader_name} folders
get_group_file_url                | go        | group_id* file_id* busid,bus_id | url
get_private_file_url              | ext       | file_id* user_id | url
create_group_file_folder          | go        | group_id* name*,folder_name parent_id,folder_id | folder_id
delete_group_folder delete_group_file_folder | go | group_id* folder_id*,folder | null
delete_group_file                 | go        | group_id* file_id* busid,bus_id | null
move_group_file                   | ext       | group_id* file_id* parent_directory,current_parent_directory,parent_folder_id target_directory*,target_parent_directory,target_folder_id | null
rename_group_file                 | ext       | group_id* file_id* parent_directory,current_parent_directory new_name* | null
rename_group_file_folder          | ext       | group_id* folder_id* new_folder_name*,new_name | null

get_guild_service_profile         | go        | | nickname tiny_id avatar_url
get_guild_list                    | go        | | []{guild_id guild_name guild_display_id}
get_guild_meta_by_guest           | go        | guild_id* | guild_id guild_name guild_profile create_time max_member_count max_robot_count max_admin_count member_count owner_id
get_guild_channel_list            | go        | guild_id* no_cache | []{channel_id channel_type channel_name owner_guild_id creator_tiny_id create_time current_slow_mode talk_permission visible_type slow_modes[]{slow_mode_key slow_mode_text speak_frequency slow_mode_circle}}
get_guild_member_list             | go        | guild_id* next_token | members[]{tiny_id title nickname role_id role_name} finished next_token
get_guild_member_profile          | go        | guild_id* user_id* | tiny_id nickname avatar_url join_time roles[]{role_id role_name}
get_guild_roles                   | go        | guild_id* | []{role_id role_name argb_color independent member_count max_count owned disabled}
create_guild_role                 | go        | guild_id* name* color independent,indepedent initial_users | role_id
update_guild_role                 | go        | guild_id* role_id* name color independent,indepedent | null
delete_guild_role                 | go        | guild_id* role_id* | null
set_guild_member_role             | go        | guild_id* role_id* set users* | null
send_guild_channel_msg            | go        | guild_id* channel_id* message* auto_escape | message_id
get_guild_msg                     | go        | message_id* no_cache | message_id message_source message_seq guild_id channel_id reactions[]{emoji_id emoji_index emoji_type emoji_name count clicked} time sender{user_id tiny_id nickname} message
get_topic_channel_feeds           | go        | guild_id* channel_id* | []{id title sub_title create_time guild_id channel_id poster_info{tiny_id nickname icon_url} contents[]{type data} resource{images[]{file_id pattern_id url width height} videos}}

get_image                         | 4 11 go   | file* | size filename url file
get_record                        | 4 11      | file* out_format full_path | file
can_send_image                    | 4 11 go   | | yes
can_send_record                   | 4 11 go   | | yes
get_file                          | ext       | file*,file_id | file url file_size file_name
upload_image                      | ext       | file* |
download_file                     | go        | url* thread_count headers | file
ocr_image .ocr_image              | go        | image* | texts[]{text confidence coordinates[]{x y}} language
.get_word_slices                  | go        | content* | slices[]
check_url_safely                  | go        | url* | level
get_cookies                       | 2 4 11    | domain | cookies
get_csrf_token                    | 2 4 11    | | token
get_credentials                   | 4 11      | domain | cookies csrf_token
get_status                        | 4 11 go   | | app_initialized app_enabled plugins_good app_good online good stat{packet_received packet_sent packet_lost message_received message_sent disconnect_times lost_times last_message_time}
get_version_info                  | 2 4 11 go | | app_name app_version app_full_name protocol_version coolq_directory coolq_edition go_cqhttp plugin_version plugin_build_number plugin_build_configuration runtime_version runtime_os version protocol_name
get_supported_actions             | go        | | []
reload_event_filter               | go        | file | null
set_restart                       | 4 11      | delay clean_log clean_cache clean_event | null
set_restart_plugin                | 4         | delay | null
_set_restart                      | 4         | clean_log clean_cache clean_event | null
clean_cache                       | 11        | | null
clean_data_dir                    | 4         | data_dir* | null
clean_plugin_log                  | 4         | | null
.check_update                     | 4         | automatic | null
.handle_quick_operation           | 4 11 go   | context* operation* | null
.ack                              | ext       | seq* | null
`

const generations: Readonly<Record<string, string>> = {
  2: 'cqhttp-2',
  4: 'cqhttp-4',
  11: 'onebot-11',
  go: 'go-cqhttp',
  ext: 'extended',
}

interface SpecParam {
  readonly name: string
  /** What else it is called. */
  readonly others: readonly string[]
  readonly isRequired: boolean
  /** Whether a value that is none makes the call fail. */
  readonly isChecked: boolean
}

export interface SpecRow {
  readonly name: string
  readonly others: readonly string[]
  readonly generations: readonly string[]
  readonly params: readonly SpecParam[]
  /** Where each field of the result is: `0` stands for the first of a list. None where the result is null. */
  readonly fields: readonly (readonly string[])[]
}

export const specRows: readonly SpecRow[] = table
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [names = [], known = [], params = [], data = []] = line.split('|').map((cell) => words(cell))
    const [name = '', ...others] = names
    return {
      name,
      others,
      generations: known.map((short) => generations[short] ?? short),
      params: params.map((param) => readParam(param)),
      fields: data.length === 0 ? [[]] : data.join(' ') === 'null' ? [] : readFields(data.join(' ')),
    }
  })

function words(cell: string): readonly string[] {
  return cell.split(' ').filter((word) => word !== '')
}

function readParam(param: string): SpecParam {
  const [name = '', ...others] = param.split(',')
  return {
    name: name.replace(/[*~]$/u, ''),
    others,
    isRequired: name.endsWith('*'),
    isChecked: !name.endsWith('~'),
  }
}

/** `a b[]{c}` → a, b, b.0, b.0.c */
function readFields(text: string, above: readonly string[] = []): readonly (readonly string[])[] {
  const fields: (readonly string[])[] = []
  let rest = text.trim()
  while (rest !== '') {
    const [whole, name = '', list = ''] = /^(\w*)(\[\])?/u.exec(rest) ?? ['']
    const own = name === '' ? above : [...above, name]
    const place = list === '' ? own : [...own, '0']
    if (name !== '') fields.push(own)
    if (list !== '') fields.push(place)
    rest = rest.slice(whole.length)
    if (rest.startsWith('{')) {
      const end = closingBrace(rest)
      fields.push(...readFields(rest.slice(1, end), place))
      rest = rest.slice(end + 1)
    }
    if (whole === '' && !rest.startsWith(' ')) throw new Error(`the table cannot be read at ${rest}`)
    rest = rest.trim()
  }
  return fields
}

function closingBrace(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return at
  }
  throw new Error(`the table has no end of ${text}`)
}
