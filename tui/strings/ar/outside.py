"""Arabic: the screen of the custody log and of what bounds its times from outside."""

from typing import Final

OUTSIDE: Final[dict[str, str]] = {
    "title.custody": "سجل الحيازة",
    "help.custody": "رأس سجل الحيازة في أربعين رقمًا. من كانت عنده على ورق خارج هذا الحاسوب استطاع أن يُظهر لاحقًا أنه لم يُحذف شيء ولم يُغيَّر. وتحته الإيصالات والتواقيع المساندة والأختام الزمنية: تحدّ أوقات السجل من الخارج.",
    "custody.head": "في السجل {size} من القيود. رأسه، للنسخ أو المقارنة:",
    "custody.nothing-outside": "لا يحوي هذا السجل شيئًا من الخارج بعد: أوقاته ادعاء هذا الحاسوب وحده.",
    "custody.newest-outside": "أحدث شيء من الخارج يحويه هذا السجل: {at}.",
    "custody.keys": "اضغط P قبل نسخ الأرقام: يقول السجل عندئذ إن رأسه على ورق. يعرضها Q صورة.",
    "custody.kept": "يقول السجل الآن إن رأسه على ورق. انسخ هذه الأرقام لا سابقتها.",
    "custody.at": "الوقت من الخارج",
    "custody.kind": "ما هو",
    "custody.size": "القيود",
    "custody.by": "ممن",
    "custody.kind.receipt": "إيصال",
    "custody.kind.cosignature": "توقيع مساند",
    "custody.kind.token": "ختم زمني",
    "key.custody-log": "سجل الحيازة",
    "key.custody-log.tip": "رأس سجل الحيازة وما يحدّ أوقاته من الخارج",
    "key.kept-on-paper": "على ورق",
    "key.kept-on-paper.tip": "القول في السجل إن رأسه منسوخ على ورق، ثم نسخ الأرقام",
    "key.head-picture": "صورة",
    "key.head-picture.tip": "عرض الأرقام صورة يقرؤها هاتف",
}
