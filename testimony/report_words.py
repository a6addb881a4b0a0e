"""The sentences of the verification report, in English and Arabic (docs/format/report-v1.md, section 3).

The report has its own, because a court's expert installs neither the screens nor their catalogues.
"""

from collections.abc import Mapping
from typing import Final, Literal

Language = Literal["en", "ar"]

TITLES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "VERIFICATION REPORT",
        "practice": "PRACTICE: this bundle holds invented testimony. It is no evidence.",
        "given": "What was given",
        "age-layer": "a sealed file",
        "tar-layer": "the tar of a bundle, already opened",
        "folder": "the unpacked folder of a bundle",
        "nothing": "no bundle",
        "bundle-digest": "SHA-256 of the file given",
        "no-digest": "none: what was given is not one file, or was never a bundle",
        "verifier-digest": "SHA-256 of this verifier",
        "verdict": "Verdict",
        "other-key": (
            "NOT BY THE SIGNER YOU NAMED: the proofs agree with each other,"
            " but the seal is by a key that is not among those you named."
        ),
        "other-key-too": "NOR IS IT BY THE SIGNER YOU NAMED: the seal is by a key that is not among those you named.",
        "not-examined": "COULD NOT BE EXAMINED",
        "next": "What to do",
        "claims": "What the seal says",
        "unproved": "The statement could not be read.",
        "bundle": "Bundle",
        "previous": "Bundle before this one, to the same body",
        "purpose": "Purpose",
        "profile": "Redaction profile",
        "signer": "Sealed by",
        "recipient": "Sealed for",
        "time": "Time by the sealer's clock, a claim",
        "not-before": "Not before",
        "not-after": "Not after",
        "count": "Records",
        "held": "held",
        "withheld": "Withheld",
        "none": "none",
        "custody": "Custody log: entries and root",
        "checks": "Checks",
        "pass": "HOLDS",
        "fail": "FAILS",
        "not-made": "NOT MADE",
        "trusted": "Whose keys were trusted",
        "nobody": "Nobody's: no trust file was given. Who made this bundle is not shown by this report.",
        "records": "What each record shows",
        "interval": "finished not before {before}, not after {after}; the laptop's clock claims {claimed}",
        "unbounded": "nothing shown proves it",
        "contradiction": "these times from outside exclude each other: one of those clocks was wrong",
        "receipt": "receipt of {by}",
        "cosignature": "cosignature of {by}",
        "token": "time-stamp; its signature is not checked here but by openssl ts, see docs/format/time-v1.md",
        "shown": "fields and paragraphs shown",
        "hidden": "withheld places",
        "put": "codes put into gaps after signing, by the redactor and not by the recorder",
        "revision": "Revision for this body",
        "since": "Since the record file",
        "request": "Answers the disclosure request",
        "lift": "Says that it lifts",
        "earlier": "Held against the earlier bundle",
        "hidden-again": "Hidden again",
        "recoded": "The redactor's codes in the gaps are others than there",
        "not-carried": "Records of the earlier bundle that are not in this one",
        "erased": "Records that this body was given once and that the sender says are erased there",
        "erased-one": "{record}, root {root}; erased at {at} by the sender's clock",
        "limits": "What verification does not prove",
        "where": "where",
    },
    "ar": {
        "title": "تقرير التحقق",
        "practice": "تدريب: تحوي هذه الحزمة إفادات مختلَقة، وليست دليلاً.",
        "given": "ما قُدِّم",
        "age-layer": "ملف مختوم",
        "tar-layer": "ملف tar لحزمة فُتحت من قبل",
        "folder": "مجلد حزمة مفكوكة",
        "nothing": "ليس حزمة",
        "bundle-digest": "بصمة SHA-256 للملف المقدَّم",
        "no-digest": "لا توجد: ما قُدِّم ليس ملفاً واحداً أو لم يكن حزمة قط",
        "verifier-digest": "بصمة SHA-256 لبرنامج التحقق هذا",
        "verdict": "الحكم",
        "other-key": (
            "ليست من الموقِّع الذي سمّيتموه: البراهين متفقة بعضها مع بعض، لكن الختم بمفتاح ليس من المفاتيح التي سمّيتموها."
        ),
        "other-key-too": "وليست من الموقِّع الذي سمّيتموه: الختم بمفتاح ليس من المفاتيح التي سمّيتموها.",
        "not-examined": "تعذّر فحصها",
        "next": "ما العمل",
        "claims": "ما يقوله الختم",
        "unproved": "تعذّرت قراءة البيان.",
        "bundle": "الحزمة",
        "previous": "الحزمة السابقة إلى الجهة نفسها",
        "purpose": "الغرض",
        "profile": "نمط الحجب",
        "signer": "ختمها",
        "recipient": "خُتمت لـ",
        "time": "الوقت بساعة من ختمها، وهو ادعاء",
        "not-before": "ليس قبل",
        "not-after": "ليس بعد",
        "count": "السجلات",
        "held": "موجود",
        "withheld": "محجوب",
        "none": "لا شيء",
        "custody": "سجل الحيازة: عدد القيود والجذر",
        "checks": "الفحوص",
        "pass": "صحيح",
        "fail": "فشل",
        "not-made": "لم يُجرَ",
        "trusted": "مفاتيح مَن وُثق بها",
        "nobody": "لا أحد: لم يُعطَ ملف ثقة. لا يُظهر هذا التقرير من صنع هذه الحزمة.",
        "records": "ما يُظهره كل سجل",
        "interval": "أُنهي لا قبل {before} ولا بعد {after}، وتدّعي ساعة الحاسوب {claimed}",
        "unbounded": "لا يثبته شيء مما يظهر",
        "contradiction": "هذان الوقتان من الخارج ينفي أحدهما الآخر: كانت إحدى الساعتين خاطئة",
        "receipt": "إيصال {by}",
        "cosignature": "توقيع مساند من {by}",
        "token": "ختم زمني لا يُفحص توقيعه هنا بل بـ openssl ts، انظروا docs/format/time-v1.md",
        "shown": "حقول وفقرات ظاهرة",
        "hidden": "مواضع محجوبة",
        "put": "رموز وضعها الحاجب بعد التوقيع في مواضع محجوبة، لا المدوِّن",
        "revision": "المراجعة لهذه الجهة",
        "since": "منذ ملف السجل",
        "request": "يجيب طلب الكشف",
        "lift": "يقول إنه يكشف",
        "earlier": "بالمقارنة مع الحزمة السابقة",
        "hidden-again": "حُجب من جديد",
        "recoded": "الرموز التي وضعها الحاجب في المواضع المحجوبة غير ما كانت هناك",
        "not-carried": "سجلات في الحزمة السابقة وليست في هذه الحزمة",
        "erased": "سجلات سُلِّمت إلى هذه الجهة من قبل ويقول المرسل إنها مُحيت عنده",
        "erased-one": "{record}، جذره {root}؛ مُحي في {at} بساعة المرسل",
        "limits": "ما لا يثبته التحقق",
        "where": "الموضع",
    },
}

VERDICTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "self-consistent": "SELF-CONSISTENT: every digest, signature and proof holds. Its maker is not shown.",
        "pinned": "PINNED: every digest, signature and proof holds, and the seal is by a key you obtained elsewhere.",
        "incomplete": "INCOMPLETE: nothing contradicts the seal, but a part is missing or a check could not be made.",
        "invalid": "INVALID: at least one check fails. Do not rely on this bundle.",
    },
    "ar": {
        "self-consistent": "متسقة مع نفسها: كل بصمة وتوقيع وبرهان صحيح. لا يظهر من صنع الحزمة.",
        "pinned": "مثبَّتة: كل بصمة وتوقيع وبرهان صحيح، والختم بمفتاح حصلتم عليه بطريق آخر.",
        "incomplete": "ناقصة: لا شيء يناقض الختم، لكن جزءاً مفقود أو فحصاً تعذّر إجراؤه.",
        "invalid": "باطلة: فشل فحص واحد على الأقل. لا تعتمدوا على هذه الحزمة.",
    },
}

CHECK_NAMES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "age-layer": "the sealed file opens to its last byte",
        "tar-layer": "the tar has its one spelling and ends where it must",
        "members": "every file is one that a bundle has, in its place and within its limit",
        "padding": "the padding is zeros and stands last",
        "manifests": "every file is listed with its digest, and every listed file is there",
        "tag-files": "guides, key lists and bag files are those of this seal",
        "statement": "the statement has its one spelling",
        "signatures": "both signatures over the statement hold",
        "signer-card": "the signer's card is signed by its own keys and is the one the statement names",
        "signer-trusted": "the seal is by a key that was obtained elsewhere",
        "addressed-to-you": "the statement is addressed to whoever opened it",
        "counts": "the records are those that the statement names, no more and no fewer",
        "forms": "every form is the one by whose digest the statement names it",
        "record-heads": "every record head is the one that the statement names",
        "record-signatures": "both signatures over every record head hold",
        "disclosures": "every shown value stands in the signed record; every gap is visible",
        "consent": "every record shows a live consent for this body and this purpose",
        "identity": "nothing is shown beyond the profile, nor an identity that consent to this body does not name",
        "reading-copies": "every reading copy says what the record shows, byte for byte",
        "exhibits": "every exhibit is the one that its record signed",
        "legal-files": "conditions and tables are there and agree with the records",
        "custody-checkpoint": "the head of the custody log is signed and is the one that the statement names",
        "custody-entries": "every custody entry shown stands in that log, unbroken",
        "custody-growth": "the custody log continues every head of it that you have seen",
        "custody-anchors": "receipts, cosignatures and time-stamps are about this log, and prove the times named",
        "custody-records": "every record's own history has no hole as far as it is shown, and holds its finishing",
        "custody-seal": "the custody log holds the sealing of this bundle",
        "revisions": "beside the earlier bundle, every record shows anew what it says that it lifts, and nothing else",
    },
    "ar": {
        "age-layer": "يُفتح الملف المختوم حتى آخر بايت",
        "tar-layer": "لملف tar كتابته الوحيدة وينتهي حيث يجب",
        "members": "كل ملف من ملفات الحزمة وفي مكانه وضمن حدّه",
        "padding": "الحشو أصفار وهو الأخير",
        "manifests": "كل ملف مدرج ببصمته وكل ملف مدرج موجود",
        "tag-files": "الأدلة وقوائم المفاتيح وملفات الحقيبة هي ملفات هذا الختم",
        "statement": "للبيان كتابته الوحيدة",
        "signatures": "التوقيعان على البيان صحيحان",
        "signer-card": "بطاقة الموقِّع موقَّعة بمفاتيحها وهي التي يسمّيها البيان",
        "signer-trusted": "الختم بمفتاح تم الحصول عليه بطريق آخر",
        "addressed-to-you": "البيان موجَّه إلى من فتحه",
        "counts": "السجلات هي التي يسمّيها البيان بلا زيادة ولا نقصان",
        "forms": "كل استمارة هي التي يسمّيها البيان ببصمتها",
        "record-heads": "رأس كل سجل هو الذي يسمّيه البيان",
        "record-signatures": "التوقيعان على رأس كل سجل صحيحان",
        "disclosures": "كل قيمة ظاهرة من السجل الموقَّع وكل فراغ مرئي",
        "consent": "يُظهر كل سجل موافقة سارية لهذه الجهة ولهذا الغرض",
        "identity": "لا يظهر شيء خارج نمط الحجب ولا هوية الشاهد إلا حيث تسمّيها الموافقة لهذه الجهة",
        "reading-copies": "كل نسخة قراءة تقول ما يُظهره السجل حرفاً بحرف",
        "exhibits": "كل مستند هو الذي وقّعه سجله",
        "legal-files": "الشروط والجداول موجودة وتوافق السجلات",
        "custody-checkpoint": "رأس سجل الحيازة موقَّع وهو الذي يسمّيه البيان",
        "custody-entries": "كل قيد حيازة ظاهر موجود في ذلك السجل دون انقطاع",
        "custody-growth": "سجل الحيازة يتابع كل رأس له رأيتموه من قبل",
        "custody-anchors": "كل إيصال وتوقيع مساند وختم زمني ظاهر يخص هذا السجل، والأوقات المذكورة تنتج منها",
        "custody-records": "لا ثغرة في تاريخ كل سجل بقدر ما يظهر منه، وفيه إتمامه",
        "custody-seal": "في سجل الحيازة ختم هذه الحزمة",
        "revisions": "بالمقارنة مع الحزمة السابقة يُظهر كل سجل من جديد ما يقول إنه يكشفه ولا شيء غيره",
    },
}

CONTINUATIONS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "same": "it shows the same of what was signed",
        "lifts": "it shows all that was shown, and besides exactly what it says that it lifts",
        "narrower": "something that was shown there is hidden here; what is shown anew is exactly what it says",
        "corrected": "a correction of the version there, which the custody log names by its root and head",
        "not-there": "this record is not in it",
        "not-carried": "this record is in it and not here",
    },
    "ar": {
        "same": "يُظهر مما وُقِّع ما كان ظاهراً نفسه",
        "lifts": "يُظهر كل ما كان ظاهراً، ويزيد عليه بالضبط ما يقول إنه يكشفه",
        "narrower": "حُجب هنا شيء كان ظاهراً هناك، وما يظهر من جديد هو بالضبط ما يقوله",
        "corrected": "تصحيح للنسخة التي هناك، ويسمّيها سجل الحيازة بجذرها ورأسها",
        "not-there": "هذا السجل ليس فيها",
        "not-carried": "هذا السجل فيها وليس هنا",
    },
}

LIMITS: Final[Mapping[Language, str]] = {
    "en": (
        "Verification shows that these bytes are the ones that were signed, and that what is shown belongs to what was"
        " recorded. It does not show that an account is true, that clock or place were right, or that a person was"
        " free. It does not show who holds a key: compare the forty digits by another way. An edit to the custody log"
        " after the last head that is held outside the device cannot be detected, nor whether anything was done or said"
        " about a record, even a withdrawal, after the last entry that is shown. What is withheld was not examined."
        " Verification does not keep a receiver from passing the bundle on, nor a person from being recognised by what"
        " is told, by voice, or by the combination of what is shown."
    ),
    "ar": (
        "يُظهر التحقق أن هذه البايتات هي التي وُقِّعت، وأن ما يظهر جزء مما سُجِّل. ولا يُظهر أن الإفادة صحيحة، ولا أن الساعة"
        " أو المكان صحيحان، ولا أن أحداً كان حراً. ولا يُظهر من يحمل المفتاح: قارنوا الأرقام الأربعين بطريق آخر. ولا يمكن"
        " كشف تعديل في سجل الحيازة بعد آخر رأس محفوظ خارج الجهاز، ولا معرفة ما إذا جرى أو قيل شيء عن سجل، حتى سحب"
        " الموافقة، بعد آخر قيد ظاهر. وما حُجب لم يُفحص. ولا يمنع التحقق المستلم من"
        " نقل الحزمة إلى غيره، ولا يمنع التعرّف على شخص من مضمون ما يُروى أو من صوته أو من اجتماع ما يظهر."
    ),
}
