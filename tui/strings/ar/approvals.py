"""Arabic: approvals by a second person."""

from typing import Final

APPROVALS: Final[dict[str, str]] = {
    "command.approval.line": "نظر شخص ثانٍ قبل أن يخرج شيء.",
    "command.approval.help": "إذا ذكر الجدول شخصاً ثانياً احتاجت أول حزمة لجهة بنمط معيّن إلى إقراره.",
    "command.approval-request.line": "كتابة طلب عمّا سيخرج.",
    "command.approval-request.help": "كتابة طلب إلى شخص ثانٍ: رموز وبصمات لما سيخرج كما هو الآن، من دون أسماء ولا كلمات.",
    "command.approval-give.line": "الإقرار بصفتك الشخص الثاني.",
    "command.approval-give.help": "توقيع إقرار في خزنتك. اقرأ السجل أولاً على الحاسوب الآخر بالأمر show --as حتى آخره، وانسخ الأرقام الأربعين التي تحته.",
    "command.approval-take.line": "استلام إقرار.",
    "command.approval-take.help": "استلام إقرار الشخص الثاني. يصح لما رآه بعينه لا غير.",
    "command.option.rendition-digits": "الأرقام الأربعون كما قرأتها تحت السجل على الحاسوب الآخر.",
    "command.approval-request.done": "الطلب عن {count} من السجلات في {path}. ليقرأ الشخص الثاني السجل هنا وينسخ هذه الأرقام: {digits}",
    "command.approval-give.done": "إقرارك في {path}. أعده إلى الحاسوب الآخر.",
    "command.approval-take.done": "أقرّ {approver} هذا بعينه لجهة {body}. اختمه كما هو.",
    "command.show.leak-report": "تقرير التسرّب عن {record_id}: بُحث عن {count} من الكلمات التي يجب أن تبقى، ووُجدت في: {files}",
    "command.show.rendition-digits": "هذه الأرقام الأربعون تدل على المعروض أعلاه بعينه: {digits}",
    "command.seal.approved": "أقرّ شخص ثانٍ، {approver}، هذا بعينه.",
    "command.seal.nobody-else": "لم ينظر أحد آخر فيما في هذه الحزمة.",
    "failure.approval": "هذا الإقرار لا يصح. اطلبه مرة أخرى.",
    "failure.approval.subject": "لن يخرج شيء، فلا شيء يُقرّ.",
    "failure.approval.spelling": "هذا الملف ليس طلباً ولا إقراراً، أو جرى تغييره.",
    "failure.approval.signature-missing": "هذا الملف ليس إقراراً، أو نُزع توقيعه.",
    "failure.approval.approval-signature": "لم يوقّع الشخص المذكور هذا الإقرار. لا تستعمله.",
    "failure.policy.approval-needed": "هذه أول حزمة لجهة {where} بهذا النمط. يجب أن ينظر شخص ثانٍ أولاً: testimony approval request. لم يُختم شيء.",
    "failure.policy.approval-lifts": "ستُظهر هذه الحزمة لجهة {where} شيئاً كان محجوباً من قبل. يجب أن ينظر شخص ثانٍ أولاً: testimony approval request. لم يُختم شيء.",
    "failure.policy.approval-digits": "هذه ليست الأرقام الأربعين لهذا الطلب. اقرأ السجل حتى آخره بالأمر show --as وانسخ الأرقام التي تحته.",
    "failure.policy.approval-role": "بحسب الجدول الساري لا يحق لهذا الشخص أن يُقرّ الآن.",
    "failure.policy.approval-own": "لا يُقرّ أحد ما يختمه بنفسه. اطلب ذلك من شخص آخر.",
    "failure.policy.approval-device": "هذا الإقرار لختم جهاز آخر.",
}
