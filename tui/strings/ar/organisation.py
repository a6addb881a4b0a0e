"""Arabic: the screens of an organisation's people and of the second person."""

from typing import Final

ORGANISATION: Final[dict[str, str]] = {
    "title.organisation": "المنظمة",
    "title.approval": "موافقة الشخص الثاني",
    "help.organisation": "من يعمل للمنظمة على أي جهاز وحتى متى، كما يقول جدول العاملين الساري. لا يتغير إلا بجدول جديد. يوافق A بصفة الشخص الثاني على ما يطلبه زميل.",
    "help.approval": "يريد زميل تسليم شيء لأول مرة أو محو سجل. اقرأه على شاشة الزميل حتى آخره وانسخ الأرقام الأربعين تحته واكتبها هنا. يعود توقيعك على ذاكرة محمولة.",
    "organisation.until": "حتى",
    "approval.intro": "لا توافق إلا على ما قرأته على شاشة الزميل حتى آخره.",
    "approval.file": "طلب الزميل",
    "approval.choose": "اختر ملف الطلب.",
    "approval.seal": "السجلات المراد ختمها: {count}. إلى: {body}. النمط: {profile}.",
    "approval.purpose": "الغاية: {purpose}",
    "approval.erasure": "سيُمحى السجل {record} نهائيًا. السبب: {reason}.",
    "approval.digits": "اكتب الأرقام الأربعين التي تقف تحته على شاشة الزميل:",
    "approval.given": "وُقّعت موافقتك. أعد هذا الملف إلى الزميل:",
    "erasure.reason.withdrawn": "سحب الشاهد موافقته",
    "erasure.reason.court-order": "أمر من محكمة",
    "erasure.reason.retention-over": "انتهت مدة حفظه",
    "erasure.reason.mistake": "سُجّل خطأً",
    "erasure.reason.other": "سبب آخر",
    "key.organisation": "المنظمة",
    "key.organisation.tip": "من يعمل على أي جهاز وحتى متى، والموافقة بصفة الشخص الثاني",
    "key.approve": "موافقة",
    "key.approve.tip": "الموافقة بصفة الشخص الثاني على ما يطلبه زميل",
}
