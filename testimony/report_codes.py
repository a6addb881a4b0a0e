"""What each code of a failed check means, in English and Arabic (docs/format/report-v1.md, section 3)."""

from collections.abc import Mapping
from typing import Final

from testimony.report_words import Language

OTHER_CODE: Final[Mapping[Language, str]] = {
    "en": "this is not what was signed, or not in its one spelling",
    "ar": "ليس هذا ما وُقِّع، أو ليس بكتابته الوحيدة",
}

CODE_WORDS: Final[Mapping[str, Mapping[Language, str]]] = {
    "not-a-bundle": {"en": "this was never a bundle", "ar": "لم يكن هذا حزمة قط"},
    "bundle-unsupported": {
        "en": "a version that this verifier does not know",
        "ar": "إصدار لا يعرفه برنامج التحقق هذا",
    },
    "no-identity": {
        "en": "sealed: give your secret key with --identity",
        "ar": "مختومة: أعطِ مفتاحك السري بـ --identity",
    },
    "no-end-question": {
        "en": "the person's answer at the end is not shown",
        "ar": "جواب الشخص في النهاية غير ظاهر",
    },
    "withdrawn-since": {
        "en": "the log has a withdrawal that is not shown",
        "ar": "في السجل سحب للموافقة غير ظاهر هنا",
    },
    "medium-not-granted": {
        "en": "a recording is shown and its medium was not agreed to",
        "ar": "يظهر تسجيل لم تُعطَ الموافقة على وسيلته",
    },
    "other-finish-entry": {
        "en": "the log says something else about how this record was finished",
        "ar": "يقول السجل غير ذلك عن إنهاء هذه الإفادة",
    },
    "other-seal-entry": {
        "en": "the log says something else about how this bundle was sealed",
        "ar": "يقول السجل غير ذلك عن ختم هذه الحزمة",
    },
    "not-for-you": {"en": "sealed for somebody else", "ar": "مختومة لغيركم"},
    "addressed-to-another": {
        "en": "the seal is addressed to another body; somebody passed it on",
        "ar": "الختم موجَّه إلى جهة أخرى، وقد مرّره أحدهم",
    },
    "sealed-header": {"en": "the header of the sealed file is damaged", "ar": "رأس الملف المختوم تالف"},
    "sealed-header-mac": {
        "en": "the header was changed, or the recipients were shown different files",
        "ar": "تغيّر رأس الملف، أو أُعطي المستلمون ملفات مختلفة",
    },
    "sealed-payload": {
        "en": "a part is changed or missing; the file may end too early",
        "ar": "جزء تغيّر أو فُقد، وقد ينتهي الملف قبل أوانه",
    },
    "ends-early": {"en": "it ends too early", "ar": "ينتهي قبل أوانه"},
    "bytes-after-end": {"en": "something follows its end", "ar": "شيء يتبع نهايته"},
    "tar-header": {
        "en": "an entry is not a plain file in its one spelling",
        "ar": "مدخل ليس ملفاً عادياً بكتابته الوحيدة",
    },
    "tar-filling": {"en": "the filling is not zeros", "ar": "الحشو بين الملفات ليس أصفاراً"},
    "not-zeros": {"en": "the padding is not zeros", "ar": "الحشو ليس أصفاراً"},
    "not-a-file": {
        "en": "a link, a device or something else that is no file",
        "ar": "رابط أو جهاز أو شيء ليس ملفاً",
    },
    "unknown-member": {"en": "no bundle has such a file", "ar": "لا ملف كهذا في أي حزمة"},
    "order": {"en": "a file stands twice or out of its place", "ar": "ملف مكرر أو في غير مكانه"},
    "limit": {"en": "larger than the format allows", "ar": "أكبر مما يسمح به التنسيق"},
    "absent": {"en": "it is missing", "ar": "مفقود"},
    "unlisted": {"en": "nothing signed names it", "ar": "لا يسمّيه شيء موقَّع"},
    "changed": {"en": "it was changed", "ar": "تغيّر"},
    "prev": {"en": "an entry does not follow the one before it", "ar": "قيد لا يتبع القيد الذي قبله"},
    "seq": {"en": "entries are out of order or one stands twice", "ar": "القيود في غير ترتيبها أو أحدها مكرر"},
    "size": {"en": "the log has another length than its signed head", "ar": "طول السجل غير ما في رأسه الموقَّع"},
    "device": {"en": "an entry or a head is of another device", "ar": "قيد أو رأس من جهاز آخر"},
    "origin": {"en": "the head is of another log", "ar": "الرأس لسجل حيازة آخر"},
    "unknown-kind": {"en": "an entry of a kind that does not exist", "ar": "قيد من نوع لا وجود له"},
    "count": {"en": "a number of parts that cannot be", "ar": "عدد أجزاء لا يمكن أن يكون"},
    "tiling": {"en": "shown and hidden parts do not add up", "ar": "الأجزاء الظاهرة والمحجوبة لا يكتمل بعضها ببعض"},
    "cover": {"en": "a commitment is missing or one too many", "ar": "التزام ناقص أو زائد"},
    "path": {"en": "a value stands in another place than it was recorded in", "ar": "قيمة في غير الموضع الذي سُجّلت فيه"},
    "mention": {"en": "a code and its name are torn apart", "ar": "رمز مفصول عن اسمه"},
    "overlay": {"en": "the list of the redactor's codes is malformed", "ar": "قائمة رموز الحاجب غير صحيحة الصيغة"},
    "overlay-code": {"en": "a redactor's code is none, or stands twice", "ar": "رمز من الحاجب ليس رمزًا أو ورد مرتين"},
    "overlay-order": {
        "en": "a redactor's code is repeated or out of its order",
        "ar": "رمز من الحاجب مكرر أو في غير ترتيبه",
    },
    "overlay-shown": {
        "en": "a redactor's code stands where nothing is hidden",
        "ar": "رمز من الحاجب في موضع لا شيء محجوبًا فيه",
    },
    "listed-twice": {"en": "it is listed twice", "ar": "مدرج مرتين"},
    "not-the-signed-one": {"en": "it is not the one that was signed", "ar": "ليس هو الموقَّع"},
    "differs": {
        "en": "it differs from what follows from the signed parts",
        "ar": "يخالف ما ينتج من الأجزاء الموقَّعة",
    },
    "spelling": {"en": "it is not in its one spelling", "ar": "ليس بكتابته الوحيدة"},
    "signature": {"en": "a signature does not hold", "ar": "توقيع غير صحيح"},
    "signature-missing": {"en": "a signature is missing", "ar": "توقيع مفقود"},
    "card-signature": {
        "en": "the card is not signed by its own keys",
        "ar": "البطاقة غير موقَّعة بمفاتيحها",
    },
    "other-signer": {"en": "the card is not the signer's", "ar": "البطاقة ليست للموقِّع"},
    "unknown-signer": {"en": "sealed by a key that was not expected", "ar": "مختومة بمفتاح غير المنتظر"},
    "practice": {"en": "practice and real are mixed", "ar": "خلط بين التدريب والحقيقي"},
    "not-lifted": {
        "en": "it says that it lifts what is not shown",
        "ar": "يقول إنه يكشف ما ليس ظاهراً",
    },
    "revision": {
        "en": "number and history of the revision contradict each other",
        "ar": "رقم المراجعة وتاريخها متناقضان",
    },
    "record-format": {
        "en": "a record file of a version that this verifier does not know",
        "ar": "ملف سجل بإصدار لا يعرفه برنامج التحقق هذا",
    },
    "other-form": {"en": "the form is not the one that was signed", "ar": "الاستمارة ليست الموقَّعة"},
    "no-form": {"en": "its form cannot be read", "ar": "تعذّرت قراءة استمارته"},
    "other-head": {"en": "it belongs to another record head", "ar": "يعود إلى رأس سجل آخر"},
    "root": {
        "en": "what is shown does not lead to the signed record",
        "ar": "ما يظهر لا يؤدي إلى السجل الموقَّع",
    },
    "no-live-consent": {
        "en": "no live consent for this body and purpose is shown",
        "ar": "لا تظهر موافقة سارية لهذه الجهة ولهذا الغرض",
    },
    "other-statement": {
        "en": "the consent statement is not the newest one that the log names",
        "ar": "بيان الموافقة ليس الأحدث الذي يذكره سجل الحيازة",
    },
    "other-core-field": {
        "en": "the form changes a question that every form has, or who may see its answer",
        "ar": "تغيّر الاستمارة سؤالاً من أسئلة كل استمارة، أو من يجوز له أن يرى جوابه",
    },
    "missing-field": {
        "en": "the form lacks a question that every form has",
        "ar": "ينقص الاستمارة سؤال من أسئلة كل استمارة",
    },
    "events-out-of-order": {
        "en": "the number of a consent event is not that of its place",
        "ar": "رقم ما قيل عن الموافقة ليس رقم موضعه",
    },
    "not-a-list": {
        "en": "something else stands where a list must stand",
        "ar": "يوجد شيء آخر حيث يجب أن تكون قائمة",
    },
    "own-log": {
        "en": "the device cosigned its own log, which is nobody from outside",
        "ar": "وقّع الجهاز توقيعاً مسانداً على سجله هو، وليس هذا شاهداً من الخارج",
    },
    "other-event": {
        "en": "the log says something else of a consent event than what is shown",
        "ar": "يقول سجل الحيازة عمّا قيل عن الموافقة غير ما يظهر هنا",
    },
    "review-due": {"en": "the consent is past its review date", "ar": "تجاوزت الموافقة موعد مراجعتها"},
    "about-another-body": {
        "en": "it tells what was said about another body",
        "ar": "يُظهر ما قيل عن جهة أخرى",
    },
    "identity-shown": {
        "en": "an identity is shown without a yes to it",
        "ar": "تظهر هوية دون موافقة عليها",
    },
    "beyond-profile": {
        "en": "more is shown than the profile allows",
        "ar": "يظهر أكثر مما يسمح به نمط الحجب",
    },
    "unknown-profile": {
        "en": "this verifier does not know the profile",
        "ar": "لا يعرف برنامج التحقق نمط الحجب هذا",
    },
    "same-number": {"en": "two exhibits have one number", "ar": "مستندان برقم واحد"},
    "not-approved-twice": {
        "en": "it is for public use, and the redaction log does not name two different approvers",
        "ar": "هو للاستعمال العلني، وسجل الحجب لا يذكر شخصين مختلفين أقرّاه",
    },
    "not-text": {"en": "it is empty or no text", "ar": "فارغ أو ليس نصاً"},
    "checkpoint-signature": {
        "en": "the head of the log is not signed by the device",
        "ar": "رأس السجل غير موقَّع من الجهاز",
    },
    "other-checkpoint": {
        "en": "the statement names another head of the log",
        "ar": "يسمّي البيان رأساً آخر للسجل",
    },
    "inclusion": {"en": "an entry does not stand in the signed log", "ar": "قيد ليس في السجل الموقَّع"},
    "consistency": {
        "en": "the log does not continue what was seen before",
        "ar": "السجل لا يتابع ما رُئي من قبل",
    },
    "fork": {
        "en": "it contradicts a head of this log that was seen before: the log was written anew",
        "ar": "يناقض رأساً لهذا السجل رُئي من قبل: أُعيدت كتابة السجل",
    },
    "unproved-growth": {
        "en": "it does not prove that it goes on from the newest head seen before",
        "ar": "لا يثبت أنه يتابع أحدث رأس رُئي من قبل",
    },
    "unproved-prefix": {
        "en": "it is older than a head seen before, and not proved to be its beginning",
        "ar": "أقدم من رأس رُئي من قبل، ولم يثبت أنه بدايته",
    },
    "no-anchor-entry": {
        "en": "the log does not say that this came in",
        "ar": "لا يقول السجل إن هذا قد استُلم",
    },
    "no-card": {"en": "the card of whoever signed it is not there", "ar": "بطاقة من وقّعه غير موجودة"},
    "other-log": {"en": "it is about another log", "ar": "يخص سجلاً آخر"},
    "other-name": {"en": "it does not stand under its own digest", "ar": "ليس تحت بصمته"},
    "unused": {"en": "nothing that holds needs it", "ar": "لا يحتاج إليه شيء صحيح"},
    "other-not-before": {
        "en": "the earliest time named does not follow from what is shown",
        "ar": "أبكر وقت مذكور لا ينتج مما يظهر",
    },
    "imprint": {"en": "it is about another digest", "ar": "يخص بصمة أخرى"},
    "not-granted": {"en": "the authority refused it", "ar": "رفضته السلطة"},
    "object": {
        "en": "an entry stands under another object than acts of its kind have",
        "ar": "قيد عن غير ما تكون عنه الأفعال من نوعه",
    },
    "others-entry": {
        "en": "the log shows acts that are not this body's business",
        "ar": "يُظهر السجل أفعالًا ليست من شأن هذه الجهة",
    },
    "object-prev": {"en": "an entry about it is missing", "ar": "قيد عنه مفقود"},
    "no-finish-entry": {
        "en": "the log does not hold the finishing of this version",
        "ar": "ليس في السجل إتمام هذه النسخة",
    },
    "no-companion-entry": {
        "en": "the log of its record does not hold the adding of this translation or transcript",
        "ar": "ليس في سجل حيازة السجل إضافة هذه الترجمة أو هذا التفريغ",
    },
    "no-source": {
        "en": "the record that this translation or transcript belongs to is not in the bundle",
        "ar": "السجل الذي تتبعه هذه الترجمة أو هذا التفريغ ليس في الحزمة",
    },
    "other-source": {"en": "it belongs to another version of the record", "ar": "يتبع نسخة أخرى من السجل"},
    "beyond-source": {
        "en": "it shows what is withheld of its record",
        "ar": "يُظهر ما حُجب من سجله",
    },
    "never-leaves": {"en": "an observation of the interviewer never leaves", "ar": "ملاحظة المُقابِل لا تخرج أبداً"},
    "earlier-refused": {
        "en": "the earlier bundle fails a check itself: verify it first",
        "ar": "الحزمة السابقة نفسها يفشل فيها فحص: تحققوا منها أولاً",
    },
    "earlier-unrelated": {
        "en": "the earlier bundle has no record of this one, or went to another body",
        "ar": "ليس في الحزمة السابقة سجل من هذه الحزمة، أو كانت لجهة أخرى",
    },
    "earlier-newer": {
        "en": "the bundle given as the earlier one is the later one: give them the other way round",
        "ar": "الحزمة المعطاة على أنها السابقة هي اللاحقة: اعكسوا الترتيب",
    },
    "earlier-signer": {
        "en": "another device sealed the earlier bundle, with a record of the same id: compare the forty digits",
        "ar": "ختم الحزمةَ السابقة جهاز آخر وفيها سجل بالرقم نفسه: قارنوا الأرقام الأربعين لكليهما",
    },
    "revisions-between": {
        "en": "there are revisions between these two: give the one before this",
        "ar": "بين هاتين مراجعات أخرى: أعطوا التي قبل هذه مباشرة",
    },
    "other-since": {
        "en": "it names another record file than the one in the earlier bundle",
        "ar": "يسمّي ملف سجل غير الذي في الحزمة السابقة",
    },
    "other-version": {
        "en": "the custody log does not name the version in the earlier bundle",
        "ar": "لا يسمّي سجل الحيازة النسخة التي في الحزمة السابقة",
    },
    "revision-number": {
        "en": "the number of the revision is not the next, or stands for two different ones",
        "ar": "رقم المراجعة ليس التالي، أو يعود إلى مراجعتين مختلفتين",
    },
    "undeclared-lift": {
        "en": "it is shown, was hidden in the earlier bundle, and nothing says so",
        "ar": "يظهر وكان محجوباً في الحزمة السابقة ولا شيء يقول ذلك",
    },
    "not-hidden-before": {
        "en": "it says that it lifts what the earlier bundle showed already",
        "ar": "يقول إنه يكشف ما كان ظاهراً في الحزمة السابقة",
    },
    "hidden-again": {
        "en": "the earlier bundle showed it, and this one may not hide it",
        "ar": "كان ظاهراً في الحزمة السابقة، ولا يجوز لهذه أن تحجبه",
    },
    "block": {
        "en": "what stands there is not what stood there in the earlier bundle",
        "ar": "ما في هذا الموضع ليس ما كان فيه في الحزمة السابقة",
    },
    "no-seal-entry": {
        "en": "the log does not hold the sealing of this bundle",
        "ar": "ليس في السجل ختم هذه الحزمة",
    },
}

# What to do where nothing was examined: a slip in calling says nothing against a bundle.
NEXT_STEPS: Final[Mapping[str, Mapping[Language, str]]] = {
    "not-a-bundle": {
        "en": "Name the sealed .age file, the tar inside it, or the unpacked folder that holds bundle.txt.",
        "ar": "سمّوا الملف المختوم .age أو ملف tar الذي بداخله أو المجلد المفكوك الذي فيه bundle.txt.",
    },
    "bundle-unsupported": {
        "en": "Use a newer verifier.",
        "ar": "استعملوا برنامج تحقق أحدث.",
    },
    "no-identity": {
        "en": "Call again with --identity FILE, the file with your secret key; or open it with age and give the tar.",
        "ar": "أعيدوا المحاولة مع --identity FILE وهو ملف مفتاحكم السري، أو افتحوها بـ age وأعطوا ملف tar.",
    },
    "not-for-you": {
        "en": (
            "Look whether you gave the right identity and the right file. If so, ask the sender for which key it was"
            " sealed. Nothing in it was read, and nothing is known against it."
        ),
        "ar": (
            "انظروا هل أعطيتم المفتاح الصحيح والملف الصحيح. فإن كان كذلك فاسألوا المرسل لأي مفتاح خُتمت."
            " لم يُقرأ شيء مما فيها، ولا يُعرف شيء ضدها."
        ),
    },
}


def meaning_of(code: str, language: Language) -> str:
    """What the code of a failed check means."""
    return CODE_WORDS.get(code, OTHER_CODE)[language]
