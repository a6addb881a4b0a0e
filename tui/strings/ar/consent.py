"""Arabic: why consent holds a record back."""

from typing import Final

CONSENT: Final[dict[str, str]] = {
    "failure.consent.interview-refused": "لم يوافق صاحبها على المقابلة.",
    "failure.consent.limits-not-explained": "لم تُشرح الحدود السبعة كلها.",
    "failure.consent.no-safeguards": "طفل أو شك في الأهلية: الضمانات غير مسجّلة.",
    "failure.consent.no-end-question": "لم يُطرح سؤال التأكيد في النهاية.",
    "failure.consent.withdrawn": "سُحبت الموافقة.",
    "failure.consent.public-use-closed": "الاستعمال العلني مغلق هنا. يحتاج إلى موافقة خاصة به وإلى إقرار شخصين آخرين، والجدول الساري لا يذكر اثنين يحق لهما ذلك الآن. والجواب عن طلب كشف لا يكون للاستعمال العلني أبداً.",
    "failure.consent.public-use-unsigned": "يحتاج الاستعمال العلني إلى إقرار شخصين آخرين بهذا عينه، والصالح الآن أقل من اثنين. استلم كل إقرار بالأمر testimony approval take. لم يخرج شيء.",
    "failure.consent.never-asked": "لم يُسأل صاحبها عن هذه الجهة وهذا الغرض.",
    "failure.consent.ask-first": "يريد صاحبها أن يُسأل مجدداً أولاً.",
    "failure.consent.refused": "رفض صاحبها هذه الجهة وهذا الغرض.",
    "failure.consent.review-due": "مضى تاريخ مراجعة الموافقة ويلزم تأكيدها.",
    "failure.consent-stays": "يبقى {record_id} هنا، القاعدة {rule}. {words} ما قيل حتى الآن، ولأي جهة وغاية وبأي كتابة: testimony consent VAULT {record_id} --list.",
    "failure.consent.unknown-profile": "لا يوجد نمط كهذا.",
}
