"use client";
import {
  Button,
  Dialog,
  Icon,
  IconButton,
  Menu,
  Page,
  Section,
  Select,
  TextField,
  toast,
} from "@leadmetrics/ui";
import {
  ApiError,
  Failure,
  frameQueries,
  Query,
  type TenantRole,
  tenantActions,
  tenantQueries,
  useAction,
  useFormat,
  useMe,
} from "@leadmetrics/web";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

const roles: readonly { value: TenantRole; label: string; note: string }[] = [
  { value: "owner", label: "Owner", note: "Everything, and who owns it" },
  { value: "admin", label: "Admin", note: "People, channels, settings" },
  { value: "member", label: "Member", note: "Plans and approvals" },
  { value: "viewer", label: "Viewer", note: "Looks, changes nothing" },
];
const roleName = (role: string): string => roles.find((one) => one.value === role)?.label ?? role;

/** Who works here, as what, and who is invited. */
export function TeamScreen() {
  const me = useMe();
  const members = useQuery(frameQueries.members);
  const mine = me?.membership?.role;
  const mayManage = mine === "owner" || mine === "admin";
  const invitations = useQuery({ ...tenantQueries.invitations, enabled: mayManage });
  const [inviting, setInviting] = useState(false);
  const format = useFormat();
  const changeRole = useAction(
    ({ userRef, ...body }: { userRef: string; role: TenantRole; version: number }) =>
      tenantActions.changeRole(userRef, body),
    { renews: ["members"] },
  );
  const remove = useAction((userRef: string) => tenantActions.removeMember(userRef), { renews: ["members"] });
  const revoke = useAction((ref: string) => tenantActions.revokeInvitation(ref), { renews: ["invitations"] });
  const open = invitations.data?.items ?? [];
  return (
    <Page
      title="Team"
      width="read"
      actions={
        mayManage ? (
          <Button kind="primary" onPress={() => setInviting(true)}>
            Invite
          </Button>
        ) : null
      }
    >
      <div className="flex flex-col gap-10">
        <Query of={members}>
          {({ items }) => (
            <ul className="divide-y divide-line border-y border-line">
              {items.map((member) => (
                <li key={member.userRef} className="flex min-h-11 items-center gap-4 text-sm">
                  <span className="min-w-0 flex-1 truncate">
                    {member.name || member.email}
                    {member.userRef === me?.user.ref ? <span className="text-muted"> (you)</span> : null}
                    {member.name ? <span className="text-muted"> · {member.email}</span> : null}
                  </span>
                  <span className="text-muted">{roleName(member.role)}</span>
                  {mayManage && member.userRef !== me?.user.ref ? (
                    <Menu
                      label={member.name || member.email}
                      trigger={
                        <IconButton label={`Change ${member.name || member.email}`}>
                          <Icon of="ellipsis" />
                        </IconButton>
                      }
                      actions={[
                        ...roles
                          .filter((role) => role.value !== member.role)
                          .map((role) => ({
                            id: role.value,
                            label: `Make ${role.label.toLowerCase()}`,
                            onAction: () =>
                              changeRole.mutate({
                                userRef: member.userRef,
                                role: role.value,
                                version: member.version,
                              }),
                          })),
                        {
                          id: "remove",
                          label: "Remove",
                          danger: true,
                          onAction: () => remove.mutate(member.userRef),
                        },
                      ]}
                    />
                  ) : null}
                </li>
              ))}
            </ul>
          )}
        </Query>
        {open.length > 0 ? (
          <Section title="Invited">
            <ul className="divide-y divide-line border-y border-line">
              {open.map((one) => (
                <li key={one.ref} className="flex min-h-11 items-center gap-4 text-sm">
                  <span className="min-w-0 flex-1 truncate">{one.email}</span>
                  <span className="text-muted max-md:hidden">until {format.date(one.expiresOn)}</span>
                  <span className="text-muted">{roleName(one.role)}</span>
                  <Button kind="quiet" size="small" onPress={() => revoke.mutate(one.ref)}>
                    Revoke
                  </Button>
                </li>
              ))}
            </ul>
          </Section>
        ) : null}
      </div>
      <Invite isOpen={inviting} onClose={() => setInviting(false)} />
    </Page>
  );
}

function Invite({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<TenantRole>("member");
  const invite = useAction(() => tenantActions.invite({ email: email.trim(), role }), {
    renews: ["invitations"],
    quiet: true,
    done: () => {
      toast(`Invited ${email.trim()}.`, { tone: "ok" });
      setEmail("");
      onClose();
    },
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate(undefined);
  };
  return (
    <Dialog title="Invite someone" isOpen={isOpen} onClose={onClose}>
      <form onSubmit={onSubmit} className="flex flex-col gap-4">
        {invite.error ? <Failure of={invite.error} /> : null}
        <TextField
          label="E-mail"
          type="email"
          value={email}
          onChange={setEmail}
          error={invite.error instanceof ApiError ? invite.error.fields.email : undefined}
          autoFocus
        />
        <Select
          label="Role"
          choices={roles}
          value={role}
          onChange={(value) => setRole(value as TenantRole)}
        />
        <div className="flex justify-end gap-2">
          <Button kind="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" isPending={invite.isPending} isDisabled={!email.trim()}>
            Send the invitation
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
