"""What the command says, in English and Chinese, in one table; and which of the two a terminal wants.

The domain's own words (states, facts, roles, moves) are the API's; in Chinese they are shown with the table's word for them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

SENTENCES: Final[Mapping[str, tuple[str, str]]] = {
    # the session
    "signed_in": ("Signed in as {name} ({role}) at {url}.", "已登录：{name}（{role}），{url}。"),
    "signed_out": ("Signed out.", "已退出登录。"),
    "ask_url": ("Address of the server", "服务器地址"),
    "ask_username": ("User name", "用户名"),
    "ask_password": ("Password", "密码"),
    "ask_new_password": ("New password of your own", "请设置新密码"),
    "first_password": ("This was a first, given password.", "这是初始密码。"),
    "whoami": ("{name} · {username} · {role}", "{name} · {username} · {role}"),
    # work lists and cases
    "nothing_waits": ("Nothing is waiting.", "没有待办事项。"),
    "more": ("There is more: deputy inbox --all", "还有更多：deputy inbox --all"),
    "under_a_minute": ("under a minute", "不到1分钟"),
    "left": ("{time} left", "还剩{time}"),
    "overdue_by": ("overdue by {time}", "已逾期{time}"),
    "overdue": ("overdue", "已逾期"),
    "due_now": ("due now", "即刻到期"),
    "paused": ("paused", "已暂停"),
    "kept": ("kept", "已兑现"),
    "kept_late": ("kept, but late", "已兑现，但逾期"),
    "nothing_due": ("nothing due", "无待办时限"),
    "due": ("{step} by {at}", "{step}期限：{at}"),
    "received": ("received {at}", "收到于 {at}"),
    "verdict": ("the resident's verdict: {word}", "居民评价：{word}"),
    "timeline": ("What happened", "经过"),
    "promises": ("Promises", "承诺时限"),
    "possible": ("Possible now", "现在可以"),
    "erased": ("(The words have been erased.)", "（原文已删除。）"),
    "added": ("Added {at}", "补充于 {at}"),
    "contact_left": ("Contact details: deputy contact {id}", "联系方式：deputy contact {id}"),
    "moved": ("{id} is {status}.", "{id}：{status}。"),
    "taken": ("{id} was taken down.", "{id} 已登记。"),
    "tracking": ("The resident follows it at {url}", "居民查询地址：{url}"),
    "look_recorded": ("This look is now part of the case.", "本次查看已记入该事项。"),
    "sound": ("{entries} entries, none changed.", "共{entries}条记录，均未被改动。"),
    "changed": ("Entry {number} of {entries} was changed.", "共{entries}条记录，第{number}条被改动。"),
    # public figures
    "no_figures": ("Nothing was counted in {period}.", "{period}没有数据。"),
    "figure_messages": ("messages", "留言"),
    "figure_in_time": ("answered in time", "按时答复"),
    "figure_solved": ("solved", "解决"),
    "figure_satisfied": ("satisfied", "满意"),
    "figure_together": ("together", "合计"),
    # common demands
    "of_demand": ("demand {id}", "共同诉求 {id}"),
    "see_demand": ("Part of a common demand: deputy demands show {id}", "属于共同诉求：deputy demands show {id}"),
    "no_demands": ("There is no open common demand.", "目前没有共同诉求。"),
    "more_demands": ("There is more: deputy demands list --all", "还有更多：deputy demands list --all"),
    "people_cases": ("{people} people, {cases} cases", "{people}人，{cases}件"),
    "since": ("since {day}", "{day}起"),
    "led_by": ("led by {name}", "{name}牵头"),
    "supported_by": ("with {names}", "参与：{names}"),
    "promised_until": ("promised by {day}", "承诺{day}前办结"),
    "went_into": ("went into {id}", "已并入 {id}"),
    "where": ("Where", "地点"),
    "curve": ("Curve", "趋势"),
    "curve_says": ("{first} to {last}, at most {most} a day", "{first}至{last}，单日最多{most}件"),
    "running": ("{open} open, {overdue} overdue", "{open}件在办，{overdue}件逾期"),
    "next_due": ("next due {at}", "最近期限 {at}"),
    "typical": ("Typical sentences", "典型留言"),
    "its_cases": ("Cases", "所含事项"),
    # suggestions
    "no_suggestions": (
        "None waits for you. Those of a year: deputy suggestions list --year 2026",
        "没有等您办理的建议。查看一年的建议：deputy suggestions list --year 2026",
    ),
    "more_suggestions": ("There is more: deputy suggestions list --all", "还有更多：deputy suggestions list --all"),
    "numbered": ("no. {number} of {year}", "{year}年第{number}号"),
    "signed_by": ("signed by {names}", "{names}联名"),
    "asked_to_sign": ("asked to sign: {names}", "邀请联名：{names}"),
    "evidence": ("What it comes of", "由哪些诉求而来"),
    "documents": ("What came of it", "促成的文件"),
    "overdue_since": ("overdue since {at}", "{at} 起逾期"),
    "extension_asked": ("asks for time until {until}: {reason}", "申请延期至 {until}：{reason}"),
    "ask_title": ("Title", "题目"),
    "ask_number": ("The document's number", "文号"),
    "ask_date": ("The document's day (2026-11-20)", "文件日期（如 2026-11-20）"),
    "public_page": ("Public page: {url}", "公开页面：{url}"),
    "ask_name": ("Name", "名称"),
    "ask_until": ("By which day (2026-12-01)", "承诺期限（如 2026-12-01）"),
    # activities
    "no_activities": ("Nothing is planned.", "目前没有活动安排。"),
    "more_activities": ("There is more: deputy activities list --all", "还有更多：deputy activities list --all"),
    "no_bookings": ("No time is booked.", "还没有人预约。"),
    "booked_of": ("{booked} of {slots} times booked", "已预约 {booked}/{slots}"),
    "coming": ("{coming} will come", "{coming}人报名"),
    "waiting_too": (", {waiting} wait", "，{waiting}人候补"),
    "you_are": ("You: {word}.", "您：{word}。"),
    "book_at": ("Residents book at {url}", "居民预约：{url}"),
    "receiving": ("Receiving", "接待"),
    "invited_are": ("Invited", "邀请"),
    "they_come": ("Will come", "报名"),
    "they_wait": ("Waiting", "候补"),
    "were_there": ("Were there", "出席"),
    "guests_were": ("Guests", "来宾"),
    "cancelled_because": ("Cancelled, because", "取消原因"),
    "minutes_are": ("Minutes", "纪要"),
    "decisions_are": ("Decisions", "决定"),
    "files_are": ("Files", "文件"),
    "cases_are": ("Cases taken down", "现场登记事项"),
    "has_contact": ("contact details left", "留有联系方式"),
    "wrong_time": (
        "'{given}' is no day and time; write --date 2026-12-15 --from 09:00",
        "“{given}”不是日期和时间；请写 --date 2026-12-15 --from 09:00",
    ),
    # supervision and appraisals
    "more_items": ("There is more: deputy supervision list --all", "还有更多：deputy supervision list --all"),
    "ask_public_title": ("Title (public once it is overdue)", "标题（逾期后公开）"),
    "looked_in_vain": ("{times} looks in vain", "核查未通过{times}次"),
    "was_done": ("What was done", "整改情况"),
    "looks": ("Looks on the spot", "现场核查"),
    "passes": ("passes", "通过"),
    "does_not_pass": ("does not pass", "不通过"),
    "no_appraisals": ("There was no appraisal yet.", "还没有评议。"),
    "appraisal_dates": (
        "stamped from {opens}, cast from {seals} to {closes}",
        "盖章：{opens} 起；投票：{seals} 至 {closes}",
    ),
    "key_is": (
        "Key: {key} (the same for everyone, also on the public page)",
        "公钥：{key}（对所有人相同，公开页面上也有）",
    ),
    "turnout": (
        "{cast} of {all} deputies cast a ballot; {stamped} had one stamped.",
        "{all}名代表中{cast}名投票，{stamped}名盖章。",
    ),
    "too_few": ("Too few ballots: the grades would tell who gave them.", "票数太少，公布评分会暴露投票人。"),
    "fill_in": (
        "Write one of {grades} into every field, then: deputy appraisals seal APPRAISAL {path}",
        "每格填写：{grades}；然后：deputy appraisals seal 评议编号 {path}",
    ),
    "sealed": (
        "Stamped, unread. It is kept here until you cast it, from {seals} on: deputy appraisals cast {id}",
        "已盖章（平台未读取）。选票保存在本机，{seals} 起投出：deputy appraisals cast {id}",
    ),
    "sealed_before": (
        "Your ballot is sealed already; cast it: deputy appraisals cast {id}",
        "选票已盖章，请投出：deputy appraisals cast {id}",
    ),
    "not_sealed": (
        "There is no sealed ballot on this machine: deputy appraisals form {id}",
        "本机没有已盖章的选票：deputy appraisals form {id}",
    ),
    "cast": (
        "Cast. Its number is {receipt}; after the count: deputy appraisals check {id}",
        "已投出。票号：{receipt}；计票后可核对：deputy appraisals check {id}",
    ),
    "counted": ("{receipt} is among the {all} ballots that were counted.", "{receipt} 在已计的 {all} 张票之中。"),
    "not_counted": ("{receipt} is not among the {all} ballots that were counted.", "{receipt} 不在已计的 {all} 张票之中。"),
    # performance files
    "no_records": ("There is no record.", "没有履职记录。"),
    "more_records": ("There is more: --all", "还有更多：--all"),
    "points": ("{points} points", "{points}分"),
    "public_yes": ("public", "公开"),
    "importing": ("Importing", "正在导入"),
    "records_imported": ("{written} records written, {there} were there already.", "已写入{written}条，{there}条先前已有。"),
    "file_right": ("{rows} rows, all right. Nothing was sent.", "共{rows}行，全部正确。尚未发送。"),
    "file_wrong": ("{faults} faults; nothing more was sent.", "共{faults}处错误，未再发送。"),
    "file_sound": (
        "{records} records: the file is whole, and the journal says the same.",
        "共{records}条记录：文件完整，且与服务器的记录链一致。",
    ),
    "file_sound_offline": (
        "{records} records: the file is whole in itself. The server was not asked.",
        "共{records}条记录：文件自身完整。未与服务器核对。",
    ),
    "file_unsound": ("{flaws} flaws in {records} records.", "{records}条记录中发现{flaws}处问题。"),
    # consultations
    "no_consultations": (
        "Nothing is being asked. What was: deputy consultations list --public",
        "目前没有进行中的征询。已公开的：deputy consultations list --public",
    ),
    "more_consultations": ("There is more: deputy consultations list --all", "还有更多：deputy consultations list --all"),
    "no_comments": ("Nobody wrote anything yet.", "还没有人写意见。"),
    "more_comments": ("There is more: --all", "还有更多：--all"),
    "answer_at": ("Residents answer at {url}, QR code at {url}/qr.svg", "填写页面：{url}，二维码：{url}/qr.svg"),
    "taken_up_are": ("Taken up", "采纳和处理的意见"),
    "conclusion_is": ("What comes of it", "结论"),
    "on_the_whole": ("(on the draft as a whole)", "（关于全文）"),
    "people_answered": ("{people} people answered", "共{people}人填写"),
    "so_many_answers": ("{answers} answers", "{answers}份回答"),
    "no_toml": ("{file} is no TOML: {because}", "{file} 不是 TOML 格式：{because}"),
    "unknown_field": ("There is no field '{field}'; there are {fields}", "没有“{field}”这一项；可用：{fields}"),
    "missing_field": ("The file lacks '{field}'", "文件缺少“{field}”"),
    "no_moment": (
        "'{given}' is no day and time; write it as 2026-12-01T09:00",
        "“{given}”不是日期和时间；请写作 2026-12-01T09:00",
    ),
    # the bulletin and the library
    "no_notices": ("There is no notice for you.", "没有给您的通知。"),
    "more_notices": ("There is more: deputy bulletin list --all", "还有更多：deputy bulletin list --all"),
    "not_read_yet": ("not read yet", "未读"),
    "you_read_it": ("read", "已读"),
    "you_read_at": ("You read it {at}.", "您已于 {at} 确认已读。"),
    "so_many_read": ("{reads} read it", "{reads}人已读"),
    "everyones": ("public", "公开"),
    "nothing_to_learn": ("The library is empty.", "学习资料库是空的。"),
    "more_to_learn": ("There is more: deputy library list --all", "还有更多：deputy library list --all"),
    "so_many_learned": ("{learned} deputies learned it", "{learned}位代表已学完"),
    # writing
    "ask_reason": ("Reason", "理由"),
    "ask_instead": ("Where to go instead", "应到何处办理"),
    "not_sent_below": ("Nothing below this line is sent.", "此线以下内容不会发送。"),
    "nothing_written": ("Nothing was written, so nothing was sent.", "没有写内容，因此未发送。"),
    "no_text": (
        "Give the text, or --file FILE, or use a terminal to write it in $EDITOR.",
        "请给出文字、--file 文件，或在终端中用 $EDITOR 撰写。",
    ),
    "no_reason": ("Give {option}.", "请给出 {option}。"),
    "editor_failed": (
        "The editor '{editor}' failed; nothing was sent. Your text: {path}",
        "编辑器“{editor}”出错，未发送。文字保存在：{path}",
    ),
    "draft_kept": ("What you wrote is kept in {path}", "您写的内容保存在 {path}"),
    "send_again": ("Send it with: {command}", "重新发送：{command}"),
    # the directory and codes
    "saved": ("Saved {path}", "已保存 {path}"),
    "whose": (
        "Name a deputy: --deputy ID (deputy deputies lists them).",
        "请指定代表：--deputy ID（deputy deputies 可列出）。",
    ),
    "no_such_deputy": ("There is no deputy '{id}' (deputy deputies lists them).", "没有代表“{id}”（deputy deputies 可列出）。"),
    "no_code": (
        "'{id}' has no QR code now; a manager makes one: deputy replace-code {id}",
        "“{id}”目前没有二维码；管理员可生成：deputy replace-code {id}",
    ),
    "new_code": (
        "The new code leads to {url}; print it with: deputy qr --deputy {id}",
        "新二维码指向 {url}；打印：deputy qr --deputy {id}",
    ),
    "imported": ("Imported: {counts}.", "已导入：{counts}。"),
    "would_import": ("Would be imported: {counts}. Nothing was written.", "将导入：{counts}。尚未写入。"),
    "no_change": ("no change", "没有变化"),
    # errors, and what to do next
    "error": ("Error: {detail}", "错误：{detail}"),
    "possible_moves": ("Possible now: {moves}", "现在可以：{moves}"),
    "nothing_possible": ("Nothing can be done with it now.", "目前不能对其进行任何操作。"),
    "do_login": ("Sign in: deputy login", "请登录：deputy login"),
    "check_password": ("Check user name and password, then: deputy login", "请核对用户名和密码，然后：deputy login"),
    "wait": ("Wait {time}, then try again.", "请等待{time}后重试。"),
    "check_id": (
        "Check the id. Your cases: deputy inbox; common demands: deputy demands list",
        "请核对编号。您的事项：deputy inbox；共同诉求：deputy demands list",
    ),
    "look_again": (
        "See what changed: deputy show CASE, deputy demands show DEMAND",
        "查看变化：deputy show 事项编号，deputy demands show 诉求编号",
    ),
    "field": ("Field: {field}", "字段：{field}"),
    "check_address": ("Check the address and your network, then try again.", "请检查地址和网络后重试。"),
    "maybe_received": (
        "It may have arrived all the same: look before you send it again.",
        "对方可能已收到：重新发送前请先查看。",
    ),
    "server_trouble": ("This is no fault of yours. Try again in a few minutes.", "这不是您的问题，请几分钟后重试。"),
    "no_url": ("Which server? deputy login --url https://…", "请指定服务器：deputy login --url https://…"),
    "plain_http": (
        "{url} is not encrypted: your password could be read on the way. Use https://, or --insecure if you know better.",
        "{url} 未加密，密码可能在途中被窃取。请使用 https://；若确认无妨，可加 --insecure。",
    ),
}

# The API's words. English shows them as they are.
TERMS: Final[Mapping[str, str]] = {
    "received": "已收到", "routed": "已分派", "acknowledged": "已受理", "in_progress": "办理中", "waiting": "等待居民答复",
    "answered": "已答复", "resolved": "已解决", "reopened": "重新办理", "declined": "不予受理", "withdrawn": "已撤回",
    "merged": "已合并", "acknowledge": "受理", "answer": "答复", "danger": "危及安全", "urgent": "紧急", "normal": "一般",
    "triaged": "转人工分派", "handed_on": "已转交", "recategorised": "已改类别", "asked": "已询问", "noted": "已记录",
    "replied": "居民已答复", "added": "居民补充", "confirmed": "居民确认解决", "closed_by_silence": "无回音结案",
    "reminded": "已提醒", "breached": "逾期", "escalated": "已上报", "contact_viewed": "查看联系方式",
    "contact_erased": "联系方式已删除", "erased": "居民要求删除内容", "joined": "并入一件",
    "grouped": "归入共同诉求", "ungrouped": "移出共同诉求",
    "documented": "促成文件", "told": "已通知", "not_told": "未能通知", "bounced": "通知被退回",
    "solved": "已解决", "not_solved": "未解决", "silence": "无回音",
    "resident": "居民", "deputy": "代表", "officer": "承办人员",
    "manager": "平台管理员", "supervisor": "监督人员", "system": "系统",
}  # fmt: skip

# Where a demand's words differ from a case's, or a case has none.
DEMAND_TERMS: Final[Mapping[str, str]] = {
    "proposed": "待确认", "confirmed": "已确认", "taken_up": "已牵头", "resolved": "已办结", "dismissed": "已否定",
    "renamed": "已改名", "supported": "代表参与", "assigned": "已交办", "promised": "已承诺期限", "split": "已拆分",
    "taken_out": "移出一件", "grew": "新增", "put_together": "人工归并", "case_reopened": "又有一件未解决",
    "not_reached": "有一件未能一并办理",
}  # fmt: skip

# The same for a suggestion.
SUGGESTION_TERMS: Final[Mapping[str, str]] = {
    "draft": "起草中", "submitted": "已提交", "accepted": "已立案", "assigned": "办理中", "replied": "已答复",
    "evaluated": "已评价", "closed": "已办结", "drafted": "开始起草", "edited": "已修改", "invited": "邀请联名",
    "cosigned": "已联名", "declined": "未联名", "returned": "退回修改", "absorbed": "并入一件", "interim_replied": "阶段性答复",
    "extension_asked": "申请延期", "extended": "同意延期", "extension_refused": "不同意延期", "sent_back": "退回重新办理",
    "documented": "促成文件", "handed_over": "改由他人领衔", "in_progress": "正在解决", "planned": "列入计划",
    "for_reference": "留作参考", "cannot": "无法解决", "satisfied": "满意", "basically": "基本满意", "dissatisfied": "不满意",
}  # fmt: skip

# And for an activity.
ACTIVITY_TERMS: Final[Mapping[str, str]] = {
    "reception": "接待日", "inspection": "视察", "meeting": "会议", "training": "培训",
    "called": "已发起", "open": "进行中", "held": "已举行", "minuted": "已形成纪要", "cancelled": "已取消",
    "signed_up": "已报名", "signed_off": "取消报名", "waiting": "候补", "attended": "已出席", "sign_up_closed": "报名截止",
    "slot_taken": "预约一个时间", "slot_freed": "退回一个时间", "opened": "开始签到", "guests_counted": "统计来宾",
    "case_taken_down": "现场登记", "booked": "已预约", "kept": "已到访", "missed": "未到",
}  # fmt: skip

# The words of performance files, where they differ from a case's, in English (what is not here is said as it is) and Chinese.
RECORD_TERMS: Final[Mapping[str, tuple[str, str]]] = {
    "draft": ("draft", "草稿"), "submitted": ("submitted", "待审核"), "approved": ("approved", "已审核通过"),
    "returned": ("returned", "已退回"), "appealed": ("appealed", "申诉中"), "upheld": ("return upheld", "维持退回"),
    "overturned": ("return overturned", "申诉成立"), "made": ("made by the platform", "系统生成"),
    "drafted": ("drafted", "起草"), "revised": ("revised", "修改"), "discarded": ("discarded", "已作废"),
    "shown": ("made public", "公开"), "hidden": ("no longer public", "不再公开"), "kind": ("kind", "类别"),
    "name": ("name", "名称"), "points": ("points", "积分"), "most_a_year": ("most a year", "每年上限"),
    "made_by": ("made by", "来源"), "public": ("public", "公开"), "always": ("always", "一律公开"),
    "never": ("never", "不公开"), "records": ("records", "记录"), "earned": ("earned", "所得"),
    "all": ("all", "合计"), "median": ("median", "全体中位数"), "rate": ("rate", "指标"), "here": ("here", "本人"),
    "answered_in_time": ("answered in time", "按时答复率"), "satisfied": ("satisfied", "满意"),
    "attendance": ("attendance", "出勤率"), "satisfaction": ("mean grade", "平均评分"), "due": ("due", "应答复"),
    "in_time": ("in time", "按时"), "verdicts": ("verdicts", "已评价"), "silent": ("silent", "未评价结案"),
    "grades": ("grades", "已打分"), "suggestions": ("suggestions", "提出建议"), "adopted": ("adopted", "获采纳"),
    "cosigned": ("co-signed", "联名"), "replied": ("replied to", "已答复"), "replied_solved": ("solved", "已解决"),
    "result_satisfied": ("results satisfying", "对结果满意"),
    "result_dissatisfied": ("results not satisfying", "对结果不满意"), "documents": ("documents", "形成文件"),
    "expected": ("signed up", "报名"), "attended": ("attended", "出席"),
}  # fmt: skip

# The same for a consultation.
CONSULTATION_TERMS: Final[Mapping[str, str]] = {
    "survey": "问卷", "draft": "草案征求意见", "single": "单选", "multiple": "多选", "scale": "量表", "text": "文字",
    "drafted": "起草", "edited": "已修改", "scheduled": "已定时", "opened": "开始征询", "open": "征询中",
    "extended": "延长时间", "closed": "已结束", "taken_up": "采纳一条意见", "published": "已公布", "withdrawn": "已撤回",
    "contacts_erased": "邮箱地址已删除",
}  # fmt: skip

# The same for notices and for the library.
BULLETIN_TERMS: Final[Mapping[str, str]] = {
    "published": "已发布", "read": "已读", "withdrawn": "已撤回", "reminded": "已提醒", "added": "已收入",
    "edited": "已修改", "retired": "已下架", "learned": "已学完", "opened": "已打开", "completed": "已学完",
    "text": "文字", "file": "文件", "link": "链接",
}  # fmt: skip

_UNITS: Final = {"en": (" d", " h", " min", " "), "zh": ("天", "小时", "分钟", "")}


class Words:
    """The table in one language, ``en`` or ``zh``."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, **values: object) -> str:
        english, chinese = SENTENCES[sentence]
        return (chinese if self.language == "zh" else english).format(**values)

    def term(self, word: str) -> str:
        """A word of the domain, as the API writes it, in this language."""
        return TERMS.get(word, word) if self.language == "zh" else word

    def demand_term(self, word: str) -> str:
        """The same for a state or a fact of a common demand."""
        return DEMAND_TERMS.get(word) or self.term(word) if self.language == "zh" else word

    def suggestion_term(self, word: str) -> str:
        """The same for a state, a fact or a class of a suggestion."""
        return SUGGESTION_TERMS.get(word) or self.term(word) if self.language == "zh" else word

    def activity_term(self, word: str) -> str:
        """The same for a state, a kind or a fact of an activity."""
        return ACTIVITY_TERMS.get(word) or self.term(word) if self.language == "zh" else word

    def record_term(self, word: str) -> str:
        """The same for performance files, in either language."""
        english, chinese = RECORD_TERMS.get(word, (word, ""))
        return (chinese or self.term(word)) if self.language == "zh" else english

    def consultation_term(self, word: str) -> str:
        """The same for a state, a form, a kind of question or a fact of a consultation."""
        return CONSULTATION_TERMS.get(word) or self.term(word) if self.language == "zh" else word

    def bulletin_term(self, word: str) -> str:
        """The same for a state, a form or a fact of a notice or of an item of the library."""
        return BULLETIN_TERMS.get(word) or self.term(word) if self.language == "zh" else word

    def time(self, span: timedelta) -> str:
        """A span of time by its two largest units: '2 d 4 h', '3 h 10 min', '12 min'. Part minutes are left out."""
        minutes = int(abs(span).total_seconds()) // 60
        if not minutes:
            return self("under_a_minute")
        days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
        *units, between = _UNITS[self.language]
        parts = [f"{amount}{unit}" for amount, unit in zip((days, hours, rest), units, strict=True)]
        shown = parts[:2] if days else parts[1:] if hours else parts[2:]
        return between.join(part for part in shown if not part.startswith("0") or len(shown) == 1)


def language_of(asked: str, environment: Mapping[str, str]) -> str:
    """The language asked for, else that of DEPUTY_LANG or the terminal's locale: 'zh', or 'en' for any other."""
    named = (environment.get(name, "") for name in ("DEPUTY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    first = asked or next((name for name in named if name), "")
    return "zh" if first.lower().startswith("zh") else "en"
