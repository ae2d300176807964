"""Columns of the China Household Finance Survey used for return migration.

Codes are those published with RMS-Agent, sec. 5.1 (survey: Gan et al., 2014, Data you need
to know about China, https://doi.org/10.1007/978-3-642-38151-5); labels are our own. Expected
signs are those of the rule (see `PushPullParameters`, which names the sources).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mesa_llm_city.migration.survey.column import Column, Translation
from mesa_llm_city.migration.survey.outcome import Outcome, Wording

__all__ = [
    "CHFS_FEATURES",
    "CHFS_HOUSEHOLD",
    "CHFS_INTERVIEW",
    "CHFS_OUTCOME",
    "CHFS_WORDING",
    "TRAJECTORY",
]

Codes = Mapping[int | str, str]

_YES_NO: Codes = {0: "no", 1: "yes"}
_YES_NO_ZH: Codes = {0: "无", 1: "有"}


def _number(
    name: str, label: str, label_zh: str, unit: str = "", *, least: float, most: float
) -> Column:
    """Return a number with a range that no person or household leaves (assumption)."""
    # Years of age and of school have different words in Chinese, so they have no unit.
    words = Translation(label=label_zh, unit="" if unit else None)
    return Column(
        name=name,
        kind="number",
        label=label,
        unit=unit,
        least=least,
        most=most,
        translations={"zh": words},
    )


def _money(name: str, label: str, label_zh: str) -> Column:
    words = Translation(label=label_zh, unit="元")
    return Column(
        name=name, kind="number", label=label, unit="RMB", money=True, translations={"zh": words}
    )


def _levels(name: str, label: str, label_zh: str, codes: Codes, codes_zh: Codes) -> Column:
    words = Translation(label=label_zh, codes=codes_zh)
    return Column(name=name, kind="category", label=label, codes=codes, translations={"zh": words})


def _note(name: str, label: str, label_zh: str) -> Column:
    words = Translation(label=label_zh)
    return Column(name=name, kind="id", label=label, translations={"zh": words})


_PERSON = (
    _levels("gender", "Sex", "性别", {0: "female", 1: "male"}, {0: "女", 1: "男"}),
    replace(_number("age", "Age", "年龄", "years", least=0, most=130), expected=1),
    replace(
        _number("education", "Schooling", "受教育年数", "years", least=0, most=40), expected=-1
    ),
    replace(
        _levels(
            "hukou",
            "Hukou",
            "户口",
            {0: "non-agricultural", 1: "agricultural"},
            {0: "非农业", 1: "农业"},
        ),
        expected=1,
        lever=True,
    ),
    _levels(
        "marriage",
        "Marital status",
        "婚姻",
        {1: "unmarried", 2: "married", 3: "divorced"},
        {1: "未婚", 2: "已婚", 3: "离异"},
    ),
    _levels(
        "physical_condition",
        "Health",
        "健康",
        {1: "good", 2: "average", 3: "poor"},
        {1: "好", 2: "一般", 3: "差"},
    ),
    replace(
        _levels("work", "Work", "工作", {0: "no work", 1: "has work"}, {0: "无工作", 1: "有工作"}),
        expected=-1,
    ),
    replace(_money("wage", "Wage after tax", "税后工资"), expected=-1, lever=True),
)

_INSURANCE = (
    _levels(
        "old_age_insurance",
        "Pension scheme",
        "养老保险",
        {
            1: "government or public institution",
            2: "urban employees",
            3: "new rural",
            4: "urban residents",
            5: "urban and rural residents together",
            6: "another",
        },
        {
            1: "机关事业单位",
            2: "城镇职工",
            3: "新农保",
            4: "城镇居民",
            5: "城乡居民统一",
            6: "其他",
        },
    ),
    _levels(
        "medical_insurance",
        "Health insurance",
        "医疗保险",
        {
            1: "urban employees",
            2: "urban residents",
            3: "new rural cooperative",
            4: "urban and rural residents",  # published with the text of 2, a likely mistake
            5: "publicly funded",
            6: "another (6)",  # published without a text, in 2015 only
            7: "another (7)",
        },
        {
            1: "城镇职工",
            2: "城镇居民",
            3: "新农合",
            4: "城乡居民",
            5: "公费医疗",
            6: "其他(6)",
            7: "其他(7)",
        },
    ),
    _money("hospitalization_expenses", "Hospital costs of last year", "去年住院花费"),
    _levels("unemployment_insurance", "Unemployment insurance", "失业保险", _YES_NO, _YES_NO_ZH),
    _levels("housing_fund", "Housing fund", "住房公积金", _YES_NO, _YES_NO_ZH),
)

_HOUSEHOLD = (
    _number("hh_size", "Household size", "家庭人数", least=1, most=100),
    _levels(
        "poor_hh",
        "Recognised as poor",
        "贫困户",
        {0: "not recognised as poor", 1: "recognised as poor"},
        {0: "非贫困户", 1: "贫困户"},
    ),
    _levels(
        "house_type",
        "Dwelling",
        "住房",
        {1: "owned", 2: "rented", 3: "lived in for free"},
        {1: "自有", 2: "租住", 3: "免费居住"},
    ),
    _number("count_car", "Cars", "汽车数", least=0, most=1000),
    _levels(
        "phone_type",
        "Phone",
        "手机",
        {1: "smartphone", 2: "plain mobile phone", 3: "no phone"},
        {1: "智能手机", 2: "普通手机", 3: "没有手机"},
    ),
    _money("total_asset", "Household assets", "家庭资产"),
    _money("total_income", "Household income", "家庭收入"),
    _money("total_debt", "Household debt", "家庭债务"),
    _money("total_consumption", "Household spending", "家庭消费"),
)

CHFS_FEATURES = (*_PERSON, *_INSURANCE, *_HOUSEHOLD)

# Records of the interview. They partly follow from the outcome, so no model is given them.
CHFS_INTERVIEW = (
    _note("pline", "Number in the household", "家庭成员编号"),
    _note("track", "Followed from an earlier wave", "追访户"),
    _note("hhead", "Head of the household", "户主"),
)

TRAJECTORY = Column(
    name="trajectory",
    kind="text",
    label="Lived in",
    translations={"zh": Translation(label="居住过的省份")},
)

CHFS_HOUSEHOLD = Column(name="hhid", kind="group", label="Household")

CHFS_OUTCOME = Outcome(
    name="returnee", positive=1, codes={0: "not returnee", 1: "returnee"}, window="stock"
)

CHFS_WORDING = {
    "en": Wording(
        task=(
            "You study why people who left the countryside to work in a city go home. You are "
            "given what a survey knows of one such person. A returnee is someone who has gone "
            "back to the rural place of origin to live or work there; the others stay away. Tell "
            "whether this person is a returnee, by the single word Yes or No."
        ),
        question="Is this person a returnee?",
        short="Returnee?",
        opening="Is this migrant a returnee? Profile:",
        closing="\nReturnee, Yes or No? Answer:",
    ),
    "zh": Wording(
        task=(
            "你研究离开农村进城工作的人为什么回乡。下面是一项调查对其中一个人的记录。"
            "返乡者指已经回到农村老家生活或工作的人,其余的人仍在外地。"
            "请判断此人是否返乡者,只用一个词回答: 是或否。"
        ),
        question="此人是返乡者吗?",
        short="返乡?",
        opening="这位流动人口是返乡者吗?资料:",
        closing="\n是返乡者吗?回答:",
        person="此人情况:",
        profile="资料:",
        instruction="请回答是或否。",
        reply="回答:",
        yes="是",
        no="否",
        missing="缺失",
        stop="。",
    ),
}
