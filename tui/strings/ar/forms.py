"""Arabic: forms, their optional parts, forms of an organisation, and the gazetteer."""

from typing import Final

FORMS: Final[dict[str, str]] = {
    "step.optional.intro": "اختيارية. لا ينقص شيء إن تركت هذه الخطوة فارغة.",
    "step.own.intro": "أسئلة من استمارة منظمتك.",
    "step.index.intro": "اختيارية. فهرس للفقرات لا بديل عنها أبدًا. من يُذكر يبقى في الإفادة.",
    "step.risk.intro": "اختيارية. لا تغادر هذه الخزنة أبدًا من دون شخص ثانٍ.",
    "private.masked": "هذه الخطوة مخفية: ما فيها قد يعرّض شخصًا للخطر. إظهارها يُكتب في سجل العهدة.",
    "button.reveal-part": "إظهار هذه الخطوة",
    "problem.not-paragraphs": "أرقام فقرات بترتيب تصاعدي، مثل 3, 5-7.",
    "problem.no-such-paragraph": "لا توجد في الإفادة فقرة بهذا الرقم.",
    "add.session.breaks": "+ إضافة استراحة",
    "add.witness.latin": "+ إضافة كتابة للاسم",
    "add.witness.documents": "+ إضافة وثيقة",
    "add.account.questions": "+ إضافة سؤال",
    "add.account.restrictions": "+ إضافة رغبة",
    "add.account.corrections": "+ إضافة تصحيح",
    "add.index.events": "+ إضافة حدث",
    "add.index.acts": "+ إضافة فعل",
    "add.index.victims": "+ إضافة شخص",
    "add.index.perpetrators": "+ إضافة شخص",
    "add.support.referrals": "+ إضافة إحالة",
    "hint.index.events": "أعطِ كل حدث رمزًا مثل E1؛ تذكره الأفعال والأشخاص. الفقرات بأرقامها، مثل 3, 5-7.",
    "hint.index.perpetrators": "كلمات الشخص أولًا. ثم من استنتج ذلك وممَّ، إن لم يُرَ.",
    "hint.session.ended_at": "يضع F5 وقت الساعة.",
    "hint.witness.documents": "لا تسأل أبدًا عن رقم وثيقة.",
    "hint.closing.signature": "التوقيع غير مطلوب أبدًا. إن لم يوجد فاذكر السبب.",
}
