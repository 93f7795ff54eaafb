"""The words of every notice: (to whom, of which fact, in which language) → subject, text, and the short form for SMS and chat.

Placeholders: code, link, body, deputy, category, step, due, text, reason, instead, document, district. A notice to staff or to a chat group
names no resident and holds none of their words.
"""

from typing import Final

_ZH_END = "\n\n查看进展、补充情况或评价结果：\n{link}\n\n（此链接只属于您，请勿转发。）\n{district}人大代表零距离平台"
_EN_END = (
    "\n\nSee how it goes, add something, or say whether it is solved:\n{link}\n\n"
    "(This link is yours alone; please do not pass it on.)\nZero Distance, {district}"
)

_RESIDENT_ZH: Final = {
    "received": ("已收到您的留言 {code}", "您的留言已收到，编号 {code}。\n我们承诺在 {due} 前答复您。", "留言已收到，编号{code}，{due}前答复。{link}"),
    "asked": ("关于 {code}，需要向您了解情况", "办理人员想向您了解：\n\n{text}\n\n请在您的页面上回复，等待期间承诺时限暂停计算。", "{code}有问题想请您回复：{link}"),
    "noted": ("{code} 有新进展", "您反映的事项有新进展：\n\n{text}", "{code}有新进展：{link}"),
    "answered": ("{code} 已答复", "{body}已答复您：\n\n{text}\n\n是否解决，由您说了算。请打开页面评价；没有解决可以要求重新办理。", "{code}已答复，是否解决请您评价：{link}"),
    "declined": ("关于 {code} 的说明", "这件事无法在这里办理，原因：\n\n{reason}\n\n您可以这样办：{instead}", "{code}无法在此办理，原因和去处见：{link}"),
    "merged": ("{code} 已与同类事项合并办理", "还有其他居民反映了同一件事，我们合在一起办理。有了答复，同样会告诉您。", "{code}已与同一事项合并办理：{link}"),
    "documented": ("您的留言促成了一份文件", "您和其他居民反映的问题（{code}）由代表提出了建议，现在有了结果：\n\n{document}\n\n谢谢您开口。", "您反映的问题促成了文件：{document}。{link}"),
    "breached": ("{code} 已超过承诺时限", "很抱歉，您的事项没有在承诺的时间内办好。超时已经记录并上报，我们会继续催办。", "抱歉，{code}已超时，已上报催办。{link}"),
}  # fmt: skip
_RESIDENT_EN: Final = {
    "received": ("We have your message {code}", "Your message has arrived; its number is {code}.\nWe promise you an answer by {due}.", "Message received, no. {code}. Answer by {due}. {link}"),
    "asked": ("A question about {code}", "Those who work on it would like to know:\n\n{text}\n\nPlease reply on your page; until then the promise is paused.", "A question about {code}: {link}"),
    "noted": ("News of {code}", "There is news of your matter:\n\n{text}", "News of {code}: {link}"),
    "answered": ("Your answer to {code}", "{body} has answered:\n\n{text}\n\nWhether it is solved is for you to say. If it is not, you can have it taken up again.", "{code} was answered. Solved? You decide: {link}"),
    "declined": ("About {code}", "This can't be dealt with here, because:\n\n{reason}\n\nWhat you can do instead: {instead}", "{code} can't be dealt with here; why, and where to go: {link}"),
    "merged": ("{code} was joined to the same matter", "Others wrote about the same matter, so it is dealt with as one. When there is an answer you will be told.", "{code} was joined to the same matter: {link}"),
    "documented": ("A document came of your message", "What you and others wrote ({code}) became a deputies' suggestion, and now a document has come of it:\n\n{document}\n\nThank you for speaking up.", "A document came of your message: {document}. {link}"),
    "breached": ("{code} is overdue", "We are sorry: your matter was not dealt with in the time that we promised. This is on record, and was reported.", "Sorry, {code} is overdue. It was reported. {link}"),
}  # fmt: skip

_STAFF_ZH: Final = {
    "routed": ("新事项 {code}：{category}", "{deputy}代表收到新事项 {code}（{category}），由{body}办理，答复时限 {due}。", "新事项{code}（{category}），{body}办理，{due}前答复"),
    "triaged": ("待分办 {code}", "事项 {code} 没有找到承办单位，请分办。时限正在计算，答复时限 {due}。", "待分办事项{code}，时限{due}"),
    "handed_on": ("转办 {code}：{category}", "事项 {code} 转由{body}办理，原因：{reason}。答复时限不变：{due}。", "事项{code}转由{body}办理，时限{due}"),
    "replied": ("居民已回复 {code}", "居民已回复，{code} 继续计时，答复时限 {due}。", "{code}居民已回复，时限{due}"),
    "added": ("居民补充了 {code}", "居民对 {code} 作了补充，答复时限 {due}。", "{code}居民有补充，时限{due}"),
    "reopened": ("居民反映未解决，{code} 重新办理", "居民反映 {code} 没有解决，现重新办理，新的答复时限 {due}。", "{code}居民反映未解决，重新办理，时限{due}"),
    "withdrawn": ("居民撤回 {code}", "居民撤回了 {code}，不需要再办理。", "{code}居民已撤回"),
    "reminded": ("即将到期 {code}", "事项 {code}（{category}，{body}）即将到期，{step}时限 {due}。", "即将到期：{code}（{category}），{step}时限{due}"),
    "breached": ("已超时 {code}", "事项 {code}（{category}，{body}）已超过承诺的{step}时限 {due}，超时已记录。", "已超时：{code}（{category}，{body}），{step}时限{due}"),
    "escalated": ("超时上报 {code}", "事项 {code}（{category}，{body}）超过承诺的{step}时限 {due} 后仍未办理，现上报，请督促。", "超时上报：{code}（{body}），{step}时限{due}"),
}  # fmt: skip

TEXTS: Final[dict[tuple[str, str, str], tuple[str, str, str]]] = (
    {("resident", fact, "zh"): (subject, text + _ZH_END, short) for fact, (subject, text, short) in _RESIDENT_ZH.items()}
    | {("resident", fact, "en"): (subject, text + _EN_END, short) for fact, (subject, text, short) in _RESIDENT_EN.items()}
    | {("staff", fact, "zh"): (subject, text + "\n\n{link}", short) for fact, (subject, text, short) in _STAFF_ZH.items()}
)
