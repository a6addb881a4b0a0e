"""Arabic: the screens of translations, transcripts and observations."""

from typing import Final

BESIDE: Final[dict[str, str]] = {
    "title.companions": "بجانب السجل",
    "title.add-companion": "إضافة بجانب السجل",
    "help.companions": "الترجمات والتفريغات والملاحظات. ليس شيء منها كلام الشاهد: كل منها موقَّع على أنه ما هو، باسم من عمله. تخرج الترجمة والتفريغ مع السجل، ولا تخرج الملاحظة أبدًا.",
    "companions.intro": "ليس شيء من هذا كلام الشاهد. كل منها موقَّع على أنه ما هو.",
    "companions.none": "لا شيء بجانب هذا السجل.",
    "companions.kind": "ما هو",
    "companions.language": "اللغة",
    "companions.kind.translation": "ترجمة",
    "companions.kind.transcript": "تفريغ",
    "companions.kind.observation": "ملاحظة",
    "companions.what.translation": "ترجمة لهذا السجل فقرة فقرة. لا تخرج إلا بجانب سجلها.",
    "companions.what.transcript": "تفريغ لمُرفق ثبوتي من هذا السجل. لا يخرج إلا بجانب سجله.",
    "companions.what.observation": "ما رأيته أو ظننته أنت. لا يخرج من هذه الخزنة أبدًا.",
    "companions.file": "ملف JSON الذي كُتب فيه؛ شكله في docs/format/companion-v1.md",
    "companions.choose": "اختر الملف.",
    "companions.added": "وُقّع وهو الآن بجانب السجل. لا يمكن تعديله بعد.",
    "companions.not-json": "ليس الملف JSON يمكن قراءته. لم يُضف شيء.",
    "button.sign": "توقيع وإضافة",
    "key.companions": "نصوص",
    "key.companions.tip": "الترجمات والتفريغات والملاحظات بجانب هذا السجل",
    "key.add-translation": "ترجمة",
    "key.add-translation.tip": "إضافة ترجمة لهذا السجل",
    "key.add-transcript": "تفريغ",
    "key.add-transcript.tip": "إضافة تفريغ لمُرفق ثبوتي",
    "key.add-observation": "ملاحظة",
    "key.add-observation.tip": "إضافة ملاحظة من عندك، لا تخرج أبدًا",
    "key.add-companion": "توقيع وإضافة",
    "key.add-companion.tip": "توقيع ما في الملف وحفظه بجانب السجل",
}
