//! One hand-kept diesel schema for both databases: ids are `BigInt`, times are `Timestamp` in UTC.
//!
//! The migrations hold the truth; a test loads every table on both databases.
#![allow(missing_docs)]

diesel::table! {
    users (id) {
        id -> BigInt,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        roles -> Integer,
        team_id -> Nullable<BigInt>,
        language -> Nullable<Text>,
        theme -> Nullable<Text>,
        auth_epoch -> Integer,
        reset_hash -> Nullable<Binary>,
        reset_until -> Nullable<Timestamp>,
        disabled_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        phone -> Nullable<Text>,
    }
}

diesel::table! {
    team (id) {
        id -> BigInt,
        name -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    session (token_hash) {
        token_hash -> Binary,
        user_id -> BigInt,
        auth_epoch -> Integer,
        csrf -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    token (id) {
        id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        token_hash -> Binary,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    access_log (id) {
        id -> BigInt,
        at -> Timestamp,
        user_id -> BigInt,
        verb -> Text,
        object_kind -> Text,
        object_id -> Nullable<BigInt>,
        n -> Integer,
        detail -> Nullable<Text>,
    }
}

diesel::table! {
    change_log (id) {
        id -> BigInt,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        verb -> Text,
        object_kind -> Text,
        object_id -> Nullable<BigInt>,
        record_id -> Nullable<BigInt>,
        batch_id -> Nullable<BigInt>,
        fields -> Nullable<Text>,
        n -> Integer,
    }
}

diesel::table! {
    setting (kind, version) {
        kind -> Text,
        version -> Integer,
        body -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    answer (user_id, idem_key) {
        user_id -> BigInt,
        idem_key -> Text,
        request_hash -> BigInt,
        status -> Integer,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    source (id) {
        id -> BigInt,
        channel -> Text,
        name -> Text,
        kind -> Text,
        ground -> Nullable<Text>,
        collected_on -> Nullable<Date>,
        cost_minor -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        rank -> Integer,
        companies -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    batch (id) {
        id -> BigInt,
        source_id -> BigInt,
        kind -> Text,
        file_name -> Text,
        file_hash -> Binary,
        state -> Text,
        mapping -> Nullable<Text>,
        figures -> Nullable<Text>,
        collected_on -> Nullable<Date>,
        correction_of -> Nullable<BigInt>,
        job_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        started_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        undone_at -> Nullable<Timestamp>,
        dropped_upto -> Nullable<Timestamp>,
    }
}

diesel::table! {
    raw_chunk (batch_id, sheet_no, first_row) {
        batch_id -> BigInt,
        sheet_no -> Integer,
        first_row -> Integer,
        rows -> Integer,
        raw -> Binary,
        outcomes -> Nullable<Binary>,
    }
}

diesel::table! {
    upload_chunk (batch_id, no) {
        batch_id -> BigInt,
        no -> Integer,
        bytes -> Integer,
        body -> Binary,
    }
}

diesel::table! {
    company (id) {
        id -> BigInt,
        merged_into -> Nullable<BigInt>,
        root_id -> BigInt,
        name -> Text,
        name_en -> Nullable<Text>,
        former_name -> Nullable<Text>,
        name_key -> BigInt,
        brand_key -> Nullable<BigInt>,
        credit_code -> Nullable<Text>,
        industry -> Nullable<Text>,
        size_class -> Nullable<Integer>,
        headcount -> Nullable<Integer>,
        revenue_minor -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        region -> Nullable<Text>,
        address -> Nullable<Text>,
        postcode -> Nullable<Text>,
        website -> Nullable<Text>,
        present_system -> Nullable<Text>,
        present_system_year -> Nullable<Integer>,
        satisfaction -> Nullable<Integer>,
        pc_count -> Nullable<Integer>,
        parent -> Nullable<Text>,
        grade -> Nullable<Text>,
        grade_at -> Nullable<Timestamp>,
        urgency -> Nullable<Text>,
        sign_by -> Nullable<Date>,
        go_live -> Nullable<Date>,
        needs -> BigInt,
        state -> Text,
        owner_id -> Nullable<BigInt>,
        score -> Integer,
        completeness -> Integer,
        missing -> Integer,
        channels -> Integer,
        flags -> Integer,
        first_source_id -> Nullable<BigInt>,
        last_touch_at -> Nullable<Timestamp>,
        last_dial_at -> Nullable<Timestamp>,
        rest_until -> Nullable<Timestamp>,
        rescore_on -> Nullable<Date>,
        winners -> Text,
        created_at -> Timestamp,
        facets -> BigInt,
    }
}

diesel::table! {
    person (id) {
        id -> BigInt,
        merged_into -> Nullable<BigInt>,
        root_id -> BigInt,
        name -> Nullable<Text>,
        name_en -> Nullable<Text>,
        name_key -> Nullable<BigInt>,
        mobile -> Nullable<Text>,
        email -> Nullable<Text>,
        email_state -> Nullable<Text>,
        wechat -> Nullable<Text>,
        qq -> Nullable<Text>,
        birthday -> Nullable<Text>,
        language -> Nullable<Text>,
        ground -> Nullable<Text>,
        ground_record_id -> Nullable<BigInt>,
        refused -> Integer,
        winners -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    contact (id) {
        id -> BigInt,
        person_id -> BigInt,
        company_id -> Nullable<BigInt>,
        title -> Nullable<Text>,
        department -> Nullable<Text>,
        role -> Nullable<Text>,
        is_key -> Bool,
        left_at -> Nullable<Timestamp>,
        winners -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    contact_point (id) {
        id -> BigInt,
        owner_kind -> Integer,
        owner_id -> BigInt,
        kind -> Text,
        value -> Text,
        ext -> Nullable<Text>,
        value_key -> BigInt,
        state -> Text,
        state_record_id -> Nullable<BigInt>,
        inferred -> Bool,
        record_id -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    record (id) {
        id -> BigInt,
        kind -> Text,
        source_id -> Nullable<BigInt>,
        batch_id -> Nullable<BigInt>,
        sheet_no -> Nullable<Integer>,
        row_no -> Nullable<Integer>,
        row_key -> Nullable<BigInt>,
        row_check -> Nullable<BigInt>,
        call_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        contact_id -> Nullable<BigInt>,
        said -> Text,
        said_at -> Timestamp,
        collected_on -> Nullable<Date>,
        actor_id -> Nullable<BigInt>,
        placed_by -> Nullable<Text>,
        superseded_by -> Nullable<BigInt>,
        voided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    record_batch (batch_id, sheet_no, row_no) {
        batch_id -> BigInt,
        sheet_no -> Integer,
        row_no -> Integer,
        record_id -> BigInt,
    }
}

diesel::table! {
    merge (id) {
        id -> BigInt,
        kind -> Text,
        from_id -> BigInt,
        into_id -> BigInt,
        parent_id -> Nullable<BigInt>,
        evidence -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    review (id) {
        id -> BigInt,
        kind -> Text,
        a_id -> BigInt,
        b_id -> BigInt,
        like_name -> Bool,
        evidence -> Text,
        state -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    touch (id) {
        id -> BigInt,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        kind -> Text,
        incoming -> Bool,
        at -> Timestamp,
        actor_id -> Nullable<BigInt>,
        call_id -> Nullable<BigInt>,
        object_id -> Nullable<BigInt>,
        result -> Nullable<Text>,
    }
}

diesel::table! {
    tag (id) {
        id -> BigInt,
        name_zh -> Text,
        name_en -> Nullable<Text>,
    }
}

diesel::table! {
    tag_link (tag_id, company_id) {
        tag_id -> BigInt,
        company_id -> BigInt,
    }
}

diesel::table! {
    grade_change (id) {
        id -> BigInt,
        company_id -> BigInt,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        proposed -> Nullable<Text>,
        reasons -> Text,
        rule_version -> Nullable<Integer>,
        state -> Text,
        actor_id -> Nullable<BigInt>,
        call_id -> Nullable<BigInt>,
        at -> Timestamp,
        kind -> Nullable<Text>,
        evidence -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    contradiction (id) {
        id -> BigInt,
        company_id -> BigInt,
        code -> Text,
        level -> Text,
        facts -> Text,
        facts_hash -> BigInt,
        state -> Text,
        rule_version -> Integer,
        opened_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
        decided_by -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    suppression (id) {
        id -> BigInt,
        scope -> Text,
        subject -> Text,
        subject_key -> BigInt,
        ways -> Integer,
        hmac -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    suppression_origin (id) {
        id -> BigInt,
        suppression_id -> BigInt,
        kind -> Text,
        ways -> Integer,
        call_id -> Nullable<BigInt>,
        batch_id -> Nullable<BigInt>,
        delivery_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        said_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
        withdrawn_by -> Nullable<BigInt>,
        note -> Nullable<Text>,
        withdrawal -> Nullable<Text>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    consent (id) {
        id -> BigInt,
        person_id -> BigInt,
        ground -> Text,
        text_version -> Nullable<Text>,
        said_at -> Timestamp,
        record_id -> Nullable<BigInt>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erasure (id) {
        id -> BigInt,
        person_id -> BigInt,
        ground -> Text,
        actor_id -> Nullable<BigInt>,
        asked_at -> Timestamp,
        sought -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    erased_person (person_id) {
        person_id -> BigInt,
        erasure_id -> BigInt,
    }
}

diesel::table! {
    erased_value (erasure_id, scope, check_value) {
        erasure_id -> BigInt,
        scope -> Text,
        check_value -> Text,
    }
}

diesel::table! {
    search_todo (company_id) {
        company_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    script (id, version) {
        id -> BigInt,
        version -> Integer,
        name -> Text,
        steps -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    campaign (id) {
        id -> BigInt,
        team_id -> Nullable<BigInt>,
        name -> Text,
        state -> Text,
        script_id -> Nullable<BigInt>,
        script_version -> Nullable<Integer>,
        all_agents -> Bool,
        starts_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        figures -> Nullable<Text>,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    campaign_agent (campaign_id, user_id) {
        campaign_id -> BigInt,
        user_id -> BigInt,
    }
}

diesel::table! {
    queue_entry (id) {
        id -> BigInt,
        campaign_id -> BigInt,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        calendar_id -> Integer,
        state -> Text,
        class -> Integer,
        score -> Integer,
        due_at -> Nullable<Timestamp>,
        owner_id -> Nullable<BigInt>,
        bar -> Nullable<Text>,
        attempts -> Integer,
        dials -> Integer,
        tries -> Nullable<Text>,
        parked_for -> Nullable<BigInt>,
        last_call_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    lease (id) {
        id -> BigInt,
        token -> Text,
        entry_id -> BigInt,
        campaign_id -> BigInt,
        agent_id -> BigInt,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        point_id -> Nullable<BigInt>,
        phone -> Nullable<Text>,
        number_key -> Nullable<BigInt>,
        state -> Text,
        why -> Text,
        claimed_at -> Timestamp,
        heartbeat_at -> Timestamp,
        expires_at -> Timestamp,
        dialled_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
        call_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    lease_lock (kind, key) {
        kind -> Text,
        key -> BigInt,
        lease_id -> BigInt,
    }
}

diesel::table! {
    call (id) {
        id -> BigInt,
        lease_id -> Nullable<BigInt>,
        entry_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        contact_id -> Nullable<BigInt>,
        point_id -> Nullable<BigInt>,
        number_key -> Nullable<BigInt>,
        phone -> Nullable<Text>,
        ext -> Nullable<Text>,
        direction -> Text,
        agent_id -> BigInt,
        dialled_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        counts -> Bool,
        reached -> Nullable<Bool>,
        disposition -> Nullable<Text>,
        result_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    call_result (id) {
        id -> BigInt,
        call_id -> BigInt,
        version -> Integer,
        disposition -> Nullable<Text>,
        urgency -> Nullable<Text>,
        need -> Nullable<Text>,
        note -> Nullable<Text>,
        facts -> Nullable<Text>,
        record_id -> Nullable<BigInt>,
        grade_before -> Nullable<Text>,
        grade_proposed -> Nullable<Text>,
        grade_after -> Nullable<Text>,
        grade_reason -> Nullable<Text>,
        entry_before -> Nullable<Text>,
        next_attempt_at -> Nullable<Timestamp>,
        actor_id -> BigInt,
        at -> Timestamp,
        undone_at -> Nullable<Timestamp>,
        undone_by -> Nullable<BigInt>,
        undo_reason -> Nullable<Text>,
        reason -> Nullable<Text>,
        note_key -> Nullable<BigInt>,
    }
}

diesel::table! {
    callback (id) {
        id -> BigInt,
        entry_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        call_id -> Nullable<BigInt>,
        phone -> Nullable<Text>,
        due_at -> Timestamp,
        zone -> Nullable<Text>,
        owner_id -> Nullable<BigInt>,
        fallback_at -> Timestamp,
        state -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    task (id) {
        id -> BigInt,
        kind -> Text,
        company_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        call_id -> Nullable<BigInt>,
        user_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        due_at -> Nullable<Timestamp>,
        body -> Nullable<Text>,
        state -> Text,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
        done_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    draft (user_id, object_key) {
        user_id -> BigInt,
        object_key -> Text,
        body -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    event (id) {
        id -> BigInt,
        at -> Timestamp,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        campaign_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        object_id -> Nullable<BigInt>,
        data -> Nullable<Text>,
    }
}

diesel::table! {
    once_key (kind, scope, subject_id) {
        kind -> Text,
        scope -> Text,
        subject_id -> BigInt,
        holder_id -> BigInt,
        at -> Timestamp,
    }
}

diesel::table! {
    job (id) {
        id -> BigInt,
        kind -> Text,
        state -> Text,
        payload -> Text,
        cursor -> Nullable<Text>,
        done -> BigInt,
        total -> Nullable<BigInt>,
        lease_token -> Nullable<BigInt>,
        lease_until -> Nullable<Timestamp>,
        attempts -> Integer,
        run_at -> Timestamp,
        cancel_asked -> Bool,
        error -> Nullable<Text>,
        dedup_key -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    clock (id) {
        id -> Integer,
        offset_us -> BigInt,
        last_at -> Timestamp,
        rehearsal -> Bool,
        skips_closed_hours -> Bool,
    }
}

diesel::table! {
    territory (id) {
        id -> BigInt,
        user_id -> BigInt,
        regions -> Text,
        industries -> Text,
        sizes -> Text,
        active -> Bool,
        changed_by -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    absence (id) {
        id -> BigInt,
        user_id -> BigInt,
        deputy_id -> Nullable<BigInt>,
        from_on -> Date,
        to_on -> Date,
        at -> Timestamp,
    }
}

diesel::table! {
    handover (id) {
        id -> BigInt,
        company_id -> BigInt,
        call_id -> Nullable<BigInt>,
        from_id -> Nullable<BigInt>,
        rep_id -> Nullable<BigInt>,
        territory_id -> Nullable<BigInt>,
        state -> Text,
        grade -> Nullable<Text>,
        is_event_lead -> Bool,
        note -> Nullable<Text>,
        visit_at -> Nullable<Timestamp>,
        inputs -> Text,
        why -> Text,
        rule_version -> Integer,
        round -> Integer,
        warn_at -> Nullable<Timestamp>,
        due_at -> Nullable<Timestamp>,
        contact_by -> Nullable<Timestamp>,
        contacted_at -> Nullable<Timestamp>,
        parked_for -> Nullable<BigInt>,
        at -> Timestamp,
        offered_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
        settled_by -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    handover_move (id) {
        id -> BigInt,
        handover_id -> BigInt,
        state -> Text,
        rep_id -> Nullable<BigInt>,
        inputs -> Nullable<Text>,
        why -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    ownership (id) {
        id -> BigInt,
        company_id -> BigInt,
        rep_id -> BigInt,
        kind -> Text,
        actor_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        object_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    opportunity (id) {
        id -> BigInt,
        company_id -> BigInt,
        rep_id -> BigInt,
        handover_id -> Nullable<BigInt>,
        stage -> Text,
        stage_at -> Timestamp,
        state -> Text,
        amount_minor -> Nullable<BigInt>,
        currency -> Nullable<Text>,
        lost_reason -> Nullable<Text>,
        competitor -> Nullable<Text>,
        parked_for -> Nullable<BigInt>,
        at -> Timestamp,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    stage_change (id) {
        id -> BigInt,
        opportunity_id -> BigInt,
        stage -> Text,
        nth -> Integer,
        evidence -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    registration (id) {
        id -> BigInt,
        company_id -> BigInt,
        rep_id -> BigInt,
        project -> Text,
        protected_until -> Date,
        state -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    registration_change (id) {
        id -> BigInt,
        registration_id -> BigInt,
        kind -> Text,
        until -> Date,
        reason -> Nullable<Text>,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    appointment (id) {
        id -> BigInt,
        user_id -> BigInt,
        company_id -> Nullable<BigInt>,
        kind -> Text,
        note -> Nullable<Text>,
        begins_at -> Timestamp,
        minutes -> Integer,
        state -> Text,
        at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    feed_token (user_id) {
        user_id -> BigInt,
        token_hash -> Binary,
        at -> Timestamp,
    }
}

diesel::table! {
    notice (id) {
        id -> BigInt,
        user_id -> BigInt,
        kind -> Text,
        company_id -> Nullable<BigInt>,
        object_id -> Nullable<BigInt>,
        data -> Text,
        at -> Timestamp,
        seen_at -> Nullable<Timestamp>,
        mailed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    hook_delivery (id) {
        id -> BigInt,
        notice_id -> BigInt,
        state -> Text,
        attempts -> Integer,
        next_at -> Timestamp,
        status -> Nullable<Integer>,
        answer -> Nullable<Text>,
        at -> Timestamp,
        done_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    entry_figure (campaign_id, state, bar, calendar_id, owner_id, counter) {
        campaign_id -> BigInt,
        state -> Text,
        bar -> Text,
        calendar_id -> Integer,
        owner_id -> BigInt,
        counter -> Integer,
        n -> BigInt,
    }
}

diesel::table! {
    call_figure (campaign_id, disposition, reached, counter) {
        campaign_id -> BigInt,
        disposition -> Text,
        reached -> Bool,
        counter -> Integer,
        n -> BigInt,
    }
}

diesel::table! {
    letter (code, language, version) {
        code -> Text,
        language -> Text,
        version -> Integer,
        kind -> Text,
        name -> Text,
        subject -> Text,
        mjml -> Text,
        actor_id -> Nullable<BigInt>,
        at -> Timestamp,
    }
}

diesel::table! {
    news_issue (id) {
        id -> BigInt,
        team_id -> Nullable<BigInt>,
        title -> Text,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    news_item (id) {
        id -> BigInt,
        issue_id -> BigInt,
        position -> Integer,
        language -> Text,
        title -> Text,
        body -> Text,
        url -> Nullable<Text>,
        industries -> Text,
        grades -> Text,
    }
}

diesel::table! {
    mailing (id) {
        id -> BigInt,
        kind -> Text,
        occasion -> Nullable<Text>,
        year -> Nullable<Integer>,
        occasion_on -> Nullable<Date>,
        issue_id -> Nullable<BigInt>,
        team_id -> Nullable<BigInt>,
        name -> Text,
        letter_code -> Text,
        letter_versions -> Text,
        audience -> Text,
        rule_versions -> Text,
        audience_hash -> Nullable<Text>,
        figures -> Nullable<Text>,
        state -> Text,
        send_from -> Nullable<Timestamp>,
        send_until -> Nullable<Timestamp>,
        approve_by -> Nullable<Timestamp>,
        approved_by -> Nullable<BigInt>,
        approved_at -> Nullable<Timestamp>,
        pause_reason -> Nullable<Text>,
        job_id -> Nullable<BigInt>,
        created_by -> Nullable<BigInt>,
        created_at -> Timestamp,
        changed_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mailing_approval (mailing_id, user_id) {
        mailing_id -> BigInt,
        user_id -> BigInt,
        state -> Text,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mailing_word (mailing_id, person_id) {
        mailing_id -> BigInt,
        person_id -> BigInt,
        user_id -> BigInt,
        goes -> Bool,
        at -> Timestamp,
    }
}

diesel::table! {
    delivery (id) {
        id -> BigInt,
        mailing_id -> BigInt,
        person_id -> BigInt,
        company_id -> Nullable<BigInt>,
        owner_id -> Nullable<BigInt>,
        address -> Nullable<Text>,
        domain -> Nullable<Text>,
        language -> Nullable<Text>,
        state -> Text,
        priority -> Integer,
        due_at -> Nullable<Timestamp>,
        until_at -> Nullable<Timestamp>,
        attempts -> Integer,
        claim_id -> Nullable<BigInt>,
        smtp_code -> Nullable<Integer>,
        smtp_text -> Nullable<Text>,
        reason -> Nullable<Text>,
        body_hash -> Nullable<Text>,
        sent_at -> Nullable<Timestamp>,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    send_claim (id) {
        id -> BigInt,
        boot -> Text,
        worker -> Text,
        at -> Timestamp,
        expires_at -> Timestamp,
        settled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    lane (domain) {
        domain -> Text,
        width -> Integer,
        per_connection -> Integer,
        per_minute -> Nullable<Integer>,
        paused_until -> Nullable<Timestamp>,
        streak -> Integer,
        why -> Nullable<Text>,
        changed_at -> Timestamp,
    }
}

diesel::table! {
    delivery_figure (mailing_id, domain, state, counter) {
        mailing_id -> BigInt,
        domain -> Text,
        state -> Text,
        counter -> Integer,
        n -> BigInt,
    }
}

diesel::joinable!(contact -> person (person_id));
diesel::joinable!(session -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    users,
    team,
    session,
    token,
    access_log,
    change_log,
    setting,
    answer,
    source,
    batch,
    raw_chunk,
    upload_chunk,
    company,
    person,
    contact,
    contact_point,
    record,
    record_batch,
    merge,
    review,
    touch,
    tag,
    tag_link,
    grade_change,
    contradiction,
    suppression,
    suppression_origin,
    consent,
    erasure,
    erased_person,
    erased_value,
    search_todo,
    script,
    campaign,
    campaign_agent,
    queue_entry,
    lease,
    lease_lock,
    call,
    call_result,
    callback,
    task,
    draft,
    event,
    once_key,
    job,
    clock,
    territory,
    absence,
    handover,
    handover_move,
    ownership,
    opportunity,
    stage_change,
    registration,
    registration_change,
    appointment,
    feed_token,
    notice,
    hook_delivery,
    letter,
    news_issue,
    news_item,
    mailing,
    mailing_approval,
    mailing_word,
    delivery,
    send_claim,
    lane,
    delivery_figure,
);
